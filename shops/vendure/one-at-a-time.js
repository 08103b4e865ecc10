'use strict';

const longestMs = 30_000;

/**
 * Apollo plugin: one request at a time, until its answer is ready (also when the client is gone by then).
 * sql.js has one connection, and TypeORM nests a second request's transaction into the first one's: the rollback of
 * one would take back what the other was told is done.
 * @param beforeAnswer runs while the request still has its turn
 */
function oneAtATime(beforeAnswer) {
  let last = Promise.resolve();
  return {
    async requestDidStart() {
      const before = last;
      let release;
      last = new Promise((resolve) => (release = resolve));
      await before;
      const limit = setTimeout(release, longestMs);
      const done = async () => {
        clearTimeout(limit);
        beforeAnswer();
        release();
      };
      return { willSendResponse: done };
    },
  };
}

module.exports = { oneAtATime };
