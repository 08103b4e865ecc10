import { queryOptions } from '@tanstack/react-query';
import type { Task as ApiTask } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';
import { pagesOf } from './pages.ts';

export type Task = ApiTask;
export type TaskType = Task['type'];
type TaskStatus = Task['status'];

const recent = 5;
const quietMs = 15_000;
const busyMs = 1_000;

/** The five most recent runs, asked for each second while one is under way. */
export const recentTasksQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'tasks', 'recent'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/tasks', { params: { query: { limit: recent } }, signal })),
    refetchInterval: ({ state }) => (state.data?.data.some(isRunning) ? busyMs : quietMs),
  });

export const isRunning = ({ status }: Task): boolean => status === 'running';

interface TaskFilter {
  readonly channelId?: string;
  readonly type?: TaskType;
  readonly status?: TaskStatus;
}

export const tasksQuery = (account: string, filter: TaskFilter) =>
  pagesOf([account, 'tasks', filter], ({ page, signal }) =>
    api(account).GET('/v1/tasks', { params: { query: { ...filter, ...page } }, signal }),
  );
