import type { Resolution, Resolved, ResolvedByFilter } from '../../../../clients/typescript/src/index.ts';
import { api, ApiError, sent } from '../client.ts';
import type { AttentionCode } from '../queries/attention.ts';

export type Reason = Resolution['reason'];
/** What is decided, and why. The note stays with the account. */
export type Decision = Pick<Resolution, 'action' | 'reason' | 'note'>;

interface Deciding {
  readonly id: string;
  readonly key: string;
  readonly body: Resolution;
}

/** @throws ApiError `attention_not_found` where somebody else was faster; `resolution_not_possible` */
export const resolveAttention = (account: string, { id, key, body }: Deciding): Promise<Resolved> =>
  sent(() =>
    api(account).POST('/v1/attentions/{id}/resolve', {
      params: { path: { id }, header: { 'idempotency-key': key } },
      body,
    }),
  );

interface DecidingAll {
  readonly code: AttentionCode;
  readonly key: string;
  readonly decision: Decision;
}

export type Outcomes = ResolvedByFilter['results'];

/**
 * Decides about all with this cause, the longest waiting first; each has its own outcome. One request takes 200, so it is
 * repeated for the rest. Where a later request fails, what was decided so far is the answer.
 * @throws ApiError of the first request
 */
export async function resolveAll(account: string, { code, key, decision }: DecidingAll): Promise<Outcomes> {
  const results: Outcomes[number][] = [];
  for (let round = 1; ; round += 1) {
    const after = results.at(-1)?.id;
    const body = { filter: { code }, ...decision, ...(after !== undefined && { after }) };
    const header = { 'idempotency-key': `${key}-${round}` };
    try {
      const answer = await sent(() => api(account).POST('/v1/attentions/resolve', { params: { header }, body }));
      results.push(...answer.results);
      if (answer.left === 0 || answer.results.length === 0) return results;
    } catch (error) {
      if (results.length > 0 && error instanceof ApiError) return results;
      throw error;
    }
  }
}
