import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import { logCause, toRefusal } from '../plugins/problems.ts';

/** Of an item of a batch. `notice`: what the caller should know though the item is recorded. */
export type Outcome = { id: string; notice?: string } | { refusal: DomainError };

/** Queues that are worked on at the same time. The items of a queue are done one after the other. */
const queuesAtOnce = 6;
/** Most proxies wait a minute for an answer. */
const longestMs = 50_000;

type Turn = {
  request: FastifyRequest;
  endsAt: number;
  /** Why no further item is begun. */
  stopped?: DomainError;
  doOne: (index: number) => Promise<Outcome>;
};

/**
 * Does the items of a batch, each by itself; a refused item fails alone. Where Temporal or the database does not answer,
 * no further item is begun.
 * @param queues the positions of the items
 * @returns the outcomes by position
 * @throws DomainError `idempotency_key_reused`
 */
export async function inTurn(
  request: FastifyRequest,
  queues: readonly (readonly number[])[],
  doOne: Turn['doOne'],
): Promise<Outcome[]> {
  const turn: Turn = { request, doOne, endsAt: request.server.deps.now().getTime() + longestMs };
  const left = [...queues];
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      for (const index of next) outcomes[index] = await outcomeOf(turn, index);
    }
  };
  await Promise.all(Array.from({ length: queuesAtOnce }, work));
  return outcomes;
}

/** Whether a repeat would give the same outcome. After silence of the database or Temporal it may not. */
export const isFinal = (outcome: Outcome): boolean => 'id' in outcome || !passing.includes(outcome.refusal.code);

/** The next item would meet the same. */
const outages: readonly string[] = ['temporal_unavailable', 'database_unavailable', 'storage_full'];
const passing: readonly string[] = [...outages, 'request_in_progress', 'no_answer', 'unexpected'];

async function outcomeOf(turn: Turn, index: number): Promise<Outcome> {
  const { request, endsAt } = turn;
  if (request.server.deps.now().getTime() > endsAt) {
    turn.stopped ??= new DomainError('no_answer', 'Not begun in time: send the same batch again, with the same key.');
  }
  if (turn.stopped) return { refusal: turn.stopped };
  try {
    return await turn.doOne(index);
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal.code === 'unexpected') logCause(error, request);
    // The key was used with another batch, so no item can go on.
    if (refusal.code === 'idempotency_key_reused') throw refusal;
    if (outages.includes(refusal.code)) turn.stopped = refusal;
    return { refusal };
  }
}
