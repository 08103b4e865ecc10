import { z } from 'zod';
import { idOf, quantity } from './common.ts';
import { order } from './orders.ts';

/** All parts become rows in a single transaction, and a workflow's history contains them. */
const mostParts = 1_000;

const group = z.strictObject({
  lines: z
    .array(z.strictObject({ lineId: idOf('line').describe('A line of the order.'), quantity }))
    .max(500)
    .describe('The units of one new order.'),
});

export const newSplit = z
  .strictObject({
    groups: z
      .array(group)
      .max(50)
      .refine((groups) => groups.flatMap(({ lines }) => lines).length <= mostParts, {
        message: `must have at most ${mostParts} lines in all`,
      })
      .describe('At least two groups, none empty. Together they contain every open unit of the order exactly once.'),
  })
  .meta({ id: 'NewSplit' });
export type NewSplit = z.output<typeof newSplit>;

export const ordersMade = z
  .object({ orders: z.array(order).describe('The new orders, one for each group.') })
  .meta({ id: 'OrdersMade' });
