import { noCounts, type TaskCounts, type TaskFailure } from '../../domain/task.ts';

/** The result of a page. `released`: the dropships that it released. `next`: where the next page starts, a remote id. */
export type OrderPage = {
  counts: TaskCounts;
  failures: TaskFailure[];
  released: string[];
  more: boolean;
  next: string | null;
};

export const emptyPage = (): OrderPage => ({ counts: noCounts(), failures: [], released: [], more: false, next: null });
