import type { Log } from './start-error.ts';

/** How a start tells a person what it does. */
export interface Progress {
  readonly note: Log;
  /** One line once it is done, with the seconds it took, and a sign of life while it takes long. */
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
