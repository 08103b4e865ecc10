import { z } from 'zod';
import { idOf, quantity } from './common.ts';
import { order } from './orders.ts';

/** Each part becomes a row in one transaction, and a word in a workflow's history. */
const mostParts = 1_000;

const group = z.strictObject({ lines: z.array(z.strictObject({ lineId: idOf('line'), quantity })).max(500) });

export const newSplit = z
  .strictObject({
    groups: z
      .array(group)
      .max(50)
      .refine((groups) => groups.flatMap(({ lines }) => lines).length <= mostParts, {
        message: `must have at most ${mostParts} lines in all`,
      })
      .describe('At least two, none empty: together every open unit of the order, each in one group.'),
  })
  .meta({ id: 'NewSplit' });
export type NewSplit = z.output<typeof newSplit>;

export const ordersMade = z
  .object({ orders: z.array(order).describe('The new orders, one per group.') })
  .meta({ id: 'OrdersMade' });
