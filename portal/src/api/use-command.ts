import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { useAccountId } from '../lib/account-id.ts';
import { ApiError } from './client.ts';

/** What a command did. It never throws. */
export type Ran<T> =
  { readonly data: T; readonly error: undefined } | { readonly data: undefined; readonly error: ApiError };

export interface Command<I, T> {
  /** A second run while one is under way gives the answer of the first. */
  readonly run: (input: I) => Promise<Ran<T>>;
  readonly isBusy: boolean;
  /** Of the last run. */
  readonly error: ApiError | undefined;
  /** Forgets the error, such as when its form is opened again. */
  readonly reset: () => void;
}

/**
 * A command of `api/commands/` for a screen: `const ship = useCommand(createShipment)`, then
 * `const { data, error } = await ship.run({ … })`. After its answer all that is on screen of the account is asked for again.
 */
export function useCommand<I, T>(command: (account: string, input: I) => Promise<T>): Command<I, T> {
  const account = useAccountId();
  const queries = useQueryClient();
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const running = useRef<Promise<Ran<T>>>(undefined);

  const run = useCallback(
    (input: I): Promise<Ran<T>> => {
      if (running.current) return running.current;
      setBusy(true);
      setError(undefined);
      running.current = ran(command(account, input)).then((answer) => {
        running.current = undefined;
        setBusy(false);
        setError(answer.error);
        // Also after a refusal: it may be due to what changed meanwhile.
        void queries.invalidateQueries({ queryKey: [account] });
        return answer;
      });
      return running.current;
    },
    [account, command, queries],
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
