import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * A job as the thread gets it. `json`: what templates/job.typ reads, with the names of the images. `at`: seconds since 1970,
 * the time in the PDF.
 */
export type RenderRequest = { json: string; images: [name: string, bytes: Uint8Array][]; at: number };

/** `refused`: why, for the log. `hasEnded`: the thread died or took too long. */
export type RenderAnswer = { pdf: Uint8Array; pages: number } | { refused: string; hasEnded?: true };

/** Prints jobs one after another. A job that cannot be printed is an answer, not an error. */
export type Renderer = { print: (request: RenderRequest) => Promise<RenderAnswer>; end: () => Promise<void> };

type RendererLimits = {
  /** Milliseconds for a job, the start of the thread included. */
  limitMs: number;
  /** Milliseconds without a job after which the thread ends, which frees its memory. */
  idleMs: number;
};

const usualLimits: RendererLimits = { limitMs: 60_000, idleMs: 60_000 };
/** Node gives an ended thread this id. */
const endedThread = -1;

/** The thread starts with the first job. */
export function createRenderer({ limitMs, idleMs }: RendererLimits = usualLimits): Renderer {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const end = async () => {
    clearTimeout(idle);
    const ending = thread;
    thread = undefined;
    await ending?.terminate();
  };
  const print = async (request: RenderRequest): Promise<RenderAnswer> => {
    clearTimeout(idle);
    if (thread === undefined || thread.threadId === endedThread) thread = startThread();
    const answer = await answerWithin(limitMs, thread, request);
    if ('hasEnded' in answer) await end();
    else idle = setTimeout(() => void end(), idleMs).unref();
    return answer;
  };
  return {
    print: (request) => {
      const printed = queue.then(() => print(request));
      queue = printed;
      return printed;
    },
    end,
  };
}

/** Built, this file is part of `workers/main.js`; the thread has its own, below `activities/` beside it. */
const threadFile = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'thread.mjs')
  : join(import.meta.dirname, '../activities/paper/thread.js');

/** The process may end while the thread has nothing to do. */
function startThread(): Worker {
  const thread = new Worker(threadFile, { execArgv: [] });
  thread.unref();
  // Without a listener an error of an idle thread would end the whole process.
  thread.on('error', () => undefined);
  return thread;
}

function answerWithin(ms: number, thread: Worker, request: RenderRequest): Promise<RenderAnswer> {
  return new Promise((resolve) => {
    let cause = 'The thread ended.';
    const note = (error: Error) => (cause = String(error));
    const finish = (answer: RenderAnswer) => {
      clearTimeout(timer);
      thread.off('message', finish).off('exit', gone).off('error', note).unref();
      resolve(answer);
    };
    const gone = () => finish({ refused: cause, hasEnded: true });
    const timer = setTimeout(() => finish({ refused: `No answer in ${ms} ms.`, hasEnded: true }), ms);
    thread.ref();
    thread.on('message', finish).on('exit', gone).on('error', note);
    thread.postMessage(request);
  });
}
