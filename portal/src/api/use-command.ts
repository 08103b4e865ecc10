import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useAccountId } from '../lib/account-id.ts';
import type { ApiError } from './client.ts';
import { sessionQuery } from './queries/session.ts';
import { useRun, type Running } from './run.ts';

/**
 * A command of `api/commands/` for a screen: `const ship = useCommand(createShipment)`, then
 * `const { data, error } = await ship.run({ … })`. After its answer all that is on screen of the account is asked for again.
 */
export function useCommand<I, T>(command: (account: string, input: I) => Promise<T>): Running<I, T> {
  const account = useAccountId();
  const queries = useQueryClient();
  const refresh = useCallback(
    (error: ApiError | undefined) => {
      // Also after a refusal: it may be due to what changed meanwhile, such as the role of the person.
      void queries.invalidateQueries({ queryKey: [account] });
      if (error?.isOfRights) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey, exact: true });
    },
    [account, queries],
  );
  const inAccount = useCallback((input: I) => command(account, input), [account, command]);
  return useRun(inAccount, refresh);
}
