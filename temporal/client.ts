import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';
import type { RateParcelInput } from '../workflows/messages.ts';
import type { Queues } from '../workflows/names.ts';
import type { Paper } from '../domain/paper/paper.ts';
import { checkChannel, type ChannelCheck } from './check-channel.ts';
import { makePackingSlip } from './packing-slip.ts';
import type { LabelAccountCheck } from '../activities/labels/check.ts';
import { checkLabelAccount, rateParcel } from './label-accounts.ts';
import { messages, type Messages } from './messages.ts';
import { isReachable } from './reachable.ts';
import { schedules, type Schedules } from './schedules.ts';
import { starts, type Starts } from './starts.ts';

/** All calls of the API to Temporal. Tests give a fake that records them. */
export type Workflows = Starts &
  Messages &
  Schedules & {
    /** Whether Temporal answers, within a second and a half; only reported. */
    isReachable(): Promise<boolean>;
    /**
     * Tries a channel's credentials.
     * @throws DomainError `temporal_unavailable`, or the channel's own code, such as `channel_unauthorized`
     */
    checkChannel(channelId: string): Promise<ChannelCheck>;
    /**
     * Makes the packing slip of an order. @returns the document, in the order's account
     * @throws DomainError `order_is_split`, `nothing_to_print`, `temporal_unavailable`
     */
    makePackingSlip(orderId: string, paper: Paper): Promise<{ documentId: string }>;
    /**
     * Tries the credentials of a label account.
     * @throws DomainError `temporal_unavailable`, `label_provider_unreachable`, `label_account_unauthorized`
     */
    checkLabelAccount(labelAccountId: string): Promise<LabelAccountCheck>;
    /**
     * Rates a parcel; the rating is then in the rows of the order's account.
     * @throws DomainError `temporal_unavailable`, `label_provider_unreachable`, and the refusals of `rateParcel`
     */
    rateParcel(input: RateParcelInput): Promise<void>;
  };

/** The real adapter. No call waits longer than its deadline, whatever Temporal does. */
export function temporalWorkflows(client: Client, queues: Queues, log: FastifyBaseLogger): Workflows {
  return {
    ...starts({ client, queues, log }),
    ...messages({ client, queues }),
    ...schedules({ client, queues, log }),
    isReachable: () => isReachable(client),
    checkChannel: (channelId) => checkChannel(client, queues, channelId),
    makePackingSlip: (orderId, paper) => makePackingSlip(client, queues, { orderId, paper }),
    checkLabelAccount: (labelAccountId) => checkLabelAccount(client, queues, labelAccountId),
    rateParcel: (input) => rateParcel(client, queues, input),
  };
}
