import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { recentTasksQuery } from '../api/queries/tasks.ts';

/** A run that begins or ends changes orders, stock and counts: all that is on screen of the account is asked for again. */
export function useRuns(account: string): void {
  const queries = useQueryClient();
  const { data } = useQuery(recentTasksQuery(account));
  const runs = data?.data.map(({ id, status }) => `${id} ${status}`).join();
  const seen = useRef<{ account: string; runs: string }>(undefined);
  useEffect(() => {
    if (runs === undefined) return;
    const isChange = seen.current?.account === account && seen.current.runs !== runs;
    seen.current = { account, runs };
    if (isChange) void queries.invalidateQueries({ queryKey: [account] });
  }, [account, queries, runs]);
}
