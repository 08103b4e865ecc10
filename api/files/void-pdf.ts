import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A PDF of a few kilobytes may have a million pages, or inflate to gigabytes. Milliseconds, and megabytes of heap. */
const usualLimits = { limitMs: 5_000, heapMb: 128 };

/** One thread at a time, so that the memory is that of one. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * The word VOID across each page of a label that its provider gave as PDF. A thread of its own draws it.
 * @returns null for a PDF that is damaged or encrypted, or takes too long or too much memory
 */
export function voidPdf(bytes: Uint8Array, limits = usualLimits): Promise<Uint8Array | null> {
  const marked = queue.then(() => markedInThread(bytes, limits));
  queue = marked;
  return marked;
}

/** Built, this file is part of `api/main.js`; the thread has its own. */
const threadFile = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'void-thread.mjs')
  : join(import.meta.dirname, 'files/void-thread.js');

function markedInThread(bytes: Uint8Array, { limitMs, heapMb }: typeof usualLimits): Promise<Uint8Array | null> {
  const resourceLimits = { maxOldGenerationSizeMb: heapMb };
  // The package writes warnings about damaged files.
  const silent = { stdout: true, stderr: true };
  const thread = new Worker(threadFile, { workerData: bytes, execArgv: [], resourceLimits, ...silent });
  const timer = setTimeout(() => void thread.terminate(), limitMs);
  let marked: Uint8Array | null = null;
  return new Promise((resolve) => {
    thread.on('message', (answer: Uint8Array) => (marked = answer));
    // What the package throws, and the end of the memory: without the answer the PDF is not marked.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      clearTimeout(timer);
      resolve(marked);
    });
  });
}
