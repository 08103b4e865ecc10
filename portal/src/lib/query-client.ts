import { keepPreviousData, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client.ts';
import { sessionQuery } from '../api/queries/session.ts';

const freshMs = 5_000;
/** A refusal is the same the second time; a lost answer or a 5xx may not be. */
const isWorthAgain = (error: Error): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

/** @param onSignedOut runs when a session has ended, wherever it is noticed */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (!(error instanceof ApiError)) return;
    if (error.status === 401) onSignedOut();
    if (error.isOfRights) void client.invalidateQueries({ queryKey: sessionQuery.queryKey, exact: true });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        placeholderData: keepPreviousData,
        retry: (failures, error) => failures < 2 && isWorthAgain(error),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
    },
  });
  return client;
}
