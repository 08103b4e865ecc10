import { useCallback, useRef, useState } from 'react';
import { ApiError } from './client.ts';

/** What a command did. It never throws. */
type Ran<T> = { readonly data: T; readonly error: undefined } | { readonly data: undefined; readonly error: ApiError };

export interface Running<I, T> {
  /** A second run while one is under way gives the answer of the first. */
  readonly run: (input: I) => Promise<Ran<T>>;
  readonly isBusy: boolean;
  /** Of the last run. */
  readonly error: ApiError | undefined;
  /** Forgets the error, such as when its form is opened again. */
  readonly reset: () => void;
}

/** A command in no account, such as sign-in. In an account use `useCommand`. */
export function useRun<I, T>(
  command: (input: I) => Promise<T>,
  onAnswer?: (error: ApiError | undefined) => void,
): Running<I, T> {
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const running = useRef<Promise<Ran<T>>>(undefined);
  const run = useCallback(
    (input: I): Promise<Ran<T>> => {
      if (running.current) return running.current;
      setBusy(true);
      setError(undefined);
      running.current = ran(command(input)).then((answer) => {
        running.current = undefined;
        setBusy(false);
        setError(answer.error);
        onAnswer?.(answer.error);
        return answer;
      });
      return running.current;
    },
    [command, onAnswer],
  );
  return { run, isBusy, error, reset: useCallback(() => setError(undefined), []) };
}

async function ran<T>(answer: Promise<T>): Promise<Ran<T>> {
  try {
    return { data: await answer, error: undefined };
  } catch (error) {
    if (error instanceof ApiError) return { data: undefined, error };
    throw error;
  }
}
