import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { DomainError } from '../../domain/errors.ts';
import { problemOf } from '../plugins/problems.ts';
import type { batchResults } from '../schemas/common.ts';

/** The outcome of each item of a batch, in their order. */
export const resultsOf = (
  outcomes: readonly ({ id: string; notice?: string } | { refusal: DomainError })[],
  request: FastifyRequest,
): z.output<typeof batchResults> => ({
  results: outcomes.map((outcome, index) =>
    'id' in outcome
      ? { index, status: 'ok', id: outcome.id, ...(outcome.notice !== undefined && { notice: outcome.notice }) }
      : { index, status: 'failed', problem: problemOf(outcome.refusal, request.id) },
  ),
});
