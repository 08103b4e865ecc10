import Sequencer from '@jest/test-sequencer';

const slowFolders = [
  '/tests/e2e/',
  '/tests/activities/channels/',
  '/tests/workflows/',
  '/tests/portal/',
  '/tests/db/stock/',
];

/** The longest file by far, with a server of its own: the others come beside it. */
const longest = /\/tests\/.*\/medusa[./]/;

/** The place of a file's folder among the slow folders; all other files come after them. */
function rankOf({ path }) {
  if (longest.test(path)) return -1;
  const rank = slowFolders.findIndex((folder) => path.includes(folder));
  return rank === -1 ? slowFolders.length : rank;
}

/**
 * Runs the folders of long files first. Without times of an earlier run, jest begins with the largest files, and a short
 * file that runs for minutes would keep one worker busy after the others have ended.
 */
export default class SlowFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.sort((one, other) => rankOf(one) - rankOf(other));
  }
}
