import { z } from 'zod';
import type { OrderEvent } from '../../db/orders/events.ts';
import { actorKinds } from '../../domain/account.ts';
import { orderEventTypes } from '../../domain/orders/event.ts';
import { timeOut } from './common.ts';

export const orderEvent = z
  .object({
    id: z.string(),
    orderId: z.string(),
    type: z.enum(orderEventTypes),
    actor: z.object({
      kind: z.enum(actorKinds),
      name: z.string().optional().describe('Of the key, the other company, the channel; or `system`, `operator`.'),
    }),
    occurredAt: timeOut,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'OrderEvent' });

/** Shows the actor by kind and name: the id of a key means nothing to a reader. */
export const toOrderEvent = (
  { actor, ...event }: OrderEvent,
  name: string | undefined,
): z.input<typeof orderEvent> => ({
  ...event,
  actor: { kind: actor.kind, ...(name !== undefined && { name }) },
});
