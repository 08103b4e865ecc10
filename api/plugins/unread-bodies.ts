import type { IncomingMessage } from 'node:http';
import type { App } from '../deps.ts';

/** Of a body, after its answer. Three of the largest files. */
const restBytes = 64 * 1024 * 1024;
const restMs = 30_000;
/** Of one body. Reading many large ones as fast as they come would slow down other callers. */
const restBytesPerMs = 16 * 1024;

/**
 * Reads the rest of a body that was answered before its end, for example a file that was refused. Node does so only for a
 * body of which nothing was read; otherwise the next request on the connection would wait for ever behind the rest. It is not
 * refused with `connection: close`: most clients read the answer only after they have sent everything.
 */
export function setUpUnreadBodies(app: App): void {
  app.addHook('onSend', async ({ raw }) => {
    // Node would read an untouched body itself, as fast as it comes. It leaves that to us once somebody has asked for bytes.
    if (raw.complete === false) raw.read(0);
  });
  app.addHook('onResponse', async ({ raw }) => {
    // Undefined where a test injects the request.
    if (raw.complete === false && !raw.destroyed) readRest(raw);
  });
}

function readRest(raw: IncomingMessage): void {
  let size = 0;
  const end = () => raw.socket.destroy();
  const timeout = setTimeout(end, restMs).unref();
  raw.once('close', () => clearTimeout(timeout));
  raw.once('end', () => clearTimeout(timeout));
  // Its readers have given up. While one of them waits, nothing flows.
  raw.unpipe();
  raw.removeAllListeners('readable').removeAllListeners('data');
  raw.on('data', (bytes: Buffer) => {
    size += bytes.length;
    if (size > restBytes) return end();
    raw.pause();
    setTimeout(() => raw.resume(), bytes.length / restBytesPerMs);
  });
  raw.resume();
}
