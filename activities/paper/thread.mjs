import { parentPort } from 'node:worker_threads';
import { printNow } from './print.mjs';

// The entry of the renderer's thread: typst blocks until a job is printed, which must not stop the worker's main loop.

parentPort?.on('message', (/** @type {import('./renderer.ts').RenderRequest} */ request) => {
  const answer = printNow(request);
  parentPort?.postMessage(answer, 'pdf' in answer ? [/** @type {ArrayBuffer} */ (answer.pdf.buffer)] : []);
});
