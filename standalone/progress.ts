import type { Log } from './start-error.ts';

/** Reports the progress of a start to a person. */
export interface Progress {
  readonly note: Log;
  /** Writes a line with the seconds it took once it is done, and a line now and then while it takes long. */
  stage<T>(what: string, work: () => Promise<T>): Promise<T>;
}

export function progressTo(write: Log, everyMs = 5_000): Progress {
  return {
    note: (line) => write(`         ${line}`),
    stage: async (what, work) => {
      const began = performance.now();
      const seconds = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`;
      const sign = setInterval(() => write(`${seconds()}  … ${what}`), everyMs);
      try {
        const result = await work();
        write(`${seconds()}  ${what}`);
        return result;
      } finally {
        clearInterval(sign);
      }
    },
  };
}
