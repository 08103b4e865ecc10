import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { LabelAccountCheck } from '../activities/labels/check.ts';
import { DomainError } from '../domain/errors.ts';
import type { RateParcelInput } from '../workflows/messages.ts';
import type { Queues } from '../workflows/names.ts';
import { ratingStart } from '../workflows/starts.ts';
import { resultOf } from './starts.ts';

const noAnswer = () => new DomainError('label_provider_unreachable', 'The provider of labels did not answer in time.');

/** A call of a provider by a short workflow. The provider asks carriers, so it may take so long. */
const patience = { ms: 15_000, late: noAnswer };

/** Each check is a new workflow with a random id. It changes nothing. */
export const checkLabelAccount = (client: Client, queues: Queues, labelAccountId: string): Promise<LabelAccountCheck> =>
  resultOf(client, {
    type: 'checkLabelAccount',
    options: {
      workflowId: `check_label_account/${labelAccountId}/${randomUUID()}`,
      taskQueue: queues.tasks,
      args: [{ labelAccountId }],
    },
    ...patience,
  });

/** A repeat waits for the same workflow. */
export const rateParcel = (client: Client, queues: Queues, input: RateParcelInput): Promise<void> =>
  resultOf(client, { type: 'rating', options: ratingStart(input, queues), ...patience });
