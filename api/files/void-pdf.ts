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

/** Built, this file is part of `api/main.js`, and the program has a file of its own. */
const program = import.meta.filename.endsWith('.ts')
  ? { file: join(import.meta.dirname, 'void-process.ts'), loader: ['--import', 'tsx'] }
  : { file: join(import.meta.dirname, 'files/void-process.js'), loader: [] };

function markedInProcess(bytes: Uint8Array, { limitMs, heapMb }: typeof usualLimits): Promise<Uint8Array | null> {
  const child = fork(program.file, {
    execArgv: [...program.loader, `--max-old-space-size=${heapMb}`],
    serialization: 'advanced',
    // The package writes warnings about damaged files.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const marked = new Promise<Uint8Array | null>((resolve) => {
    child.once('message', (answer) => resolve(answer as Uint8Array));
    // Its end without an answer, also by its limits, or no start at all: the PDF is not marked.
    child.once('disconnect', () => resolve(null)).once('error', () => resolve(null));
    child.send(bytes, () => undefined);
  });
  return marked.finally(() => clearTimeout(timer));
}
