import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { ChannelProblem } from '../domain/channel.ts';
import type { Queues } from '../workflows/names.ts';
import { resultOf } from './starts.ts';

/** Permissions by the shop's own names: `missing` for sure, `unproven` where only a write would show it. */
export type ChannelCheck = {
  missing: string[];
  unproven: string[];
  locations: { id: string; name: string }[];
  /** What to do in the shop for each missing permission. */
  fixes: { permission: string; fix: string }[];
  problems: ChannelProblem[];
};

/** A check calls a shop, so this is the longest wait of all routes. */
const checkMs = 20_000;

/** Each check is a new workflow with a random id. It changes nothing. */
export const checkChannel = (client: Client, queues: Queues, channelId: string): Promise<ChannelCheck> =>
  resultOf(client, {
    type: 'checkChannel',
    options: {
      workflowId: `check_channel/${channelId}/${randomUUID()}`,
      taskQueue: queues.tasks,
      args: [{ channelId }],
    },
    ms: checkMs,
  });
