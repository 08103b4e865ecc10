import { fork } from 'node:child_process';
import { join } from 'node:path';

/** A PDF of a few kilobytes may have a million pages, or inflate to gigabytes. Milliseconds, and megabytes of heap. */
const usualLimits = { limitMs: 5_000, heapMb: 128 };

/** One process at a time, so that the memory is that of one. A thread that runs out of memory may end the API with it. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * The word VOID across each page of a label that its provider gave as PDF. A process of its own draws it.
 * @returns null for a PDF that is damaged or encrypted, or takes too long or too much memory
 */
export function voidPdf(bytes: Uint8Array, limits = usualLimits): Promise<Uint8Array | null> {
  const marked = queue.then(() => markedInProcess(bytes, limits));
  queue = marked;
  return marked;
}

/** Built, this file is part of `api/main.js`; the process has its own. */
const programFile = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'void-thread.mjs')
  : join(import.meta.dirname, 'files/void-thread.js');

function markedInProcess(bytes: Uint8Array, { limitMs, heapMb }: typeof usualLimits): Promise<Uint8Array | null> {
  const execArgv = [`--max-old-space-size=${heapMb}`];
  // The package writes warnings about damaged files.
  const child = fork(programFile, {
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  let marked: Uint8Array | null = null;
  return new Promise((resolve) => {
    child.on('message', (answer) => (marked = answer as Uint8Array));
    // What the package throws, and the end of the memory: without the answer the PDF is not marked.
    child.on('error', () => undefined);
    child.on('exit', () => {
      clearTimeout(timer);
      resolve(marked);
    });
    child.send(bytes, () => undefined);
  });
}
