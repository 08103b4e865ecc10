import type { Resolved } from '../../../../clients/typescript/src/index.ts';
import { ApiError, operatorApi, sent } from '../client.ts';
import type { Decision } from './attention.ts';

interface Deciding {
  readonly ids: readonly string[];
  readonly key: string;
  readonly decision: Decision;
}

export interface Outcome {
  readonly id: string;
  readonly error: ApiError | undefined;
}

/** Requests at the same time: other people's need the service too. */
const atATime = 4;

/** Decides about each as the operator, in their order. One that is refused fails alone. */
export async function resolveChosen({ ids, key, decision }: Deciding): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let first = 0; first < ids.length; first += atATime) {
    const some = ids.slice(first, first + atATime).map((id) => resolved(id, { key: `${key}-${id}`, decision }));
    outcomes.push(...(await Promise.all(some)));
  }
  return outcomes;
}

async function resolved(id: string, { key, decision }: Omit<Deciding, 'ids'>): Promise<Outcome> {
  try {
    await resolve(id, key, decision);
    return { id, error: undefined };
  } catch (error) {
    if (error instanceof ApiError) return { id, error };
    throw error;
  }
}

const resolve = (id: string, key: string, body: Decision): Promise<Resolved> =>
  sent(() =>
    operatorApi.POST('/v1/attentions/{id}/resolve', {
      params: { path: { id }, header: { 'idempotency-key': key } },
      body,
    }),
  );
