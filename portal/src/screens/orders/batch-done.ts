import type { BatchResults } from '../../../../clients/typescript/src/index.ts';
import type { OrderRow } from '../../api/queries/orders.ts';

/** What a batch did; `failed` has the order of each refusal. */
export interface BatchDone {
  readonly what: 'accepted' | 'rejected';
  readonly all: number;
  readonly failed: readonly { readonly key: string; readonly name: string; readonly reason: string }[];
}

export const batchDone = (
  what: BatchDone['what'],
  rows: readonly OrderRow[],
  { results }: BatchResults,
): BatchDone => ({
  what,
  all: results.length,
  failed: results
    .filter(({ status }) => status === 'failed')
    .map(({ index, problem }) => ({
      key: String(index),
      name: rows[index]?.number ?? '',
      reason: problem?.detail ?? '',
    })),
});
