import { z } from 'zod';
import type { OrderDetail } from '../../db/orders/detail.ts';
import { errorCodes } from '../../domain/errors.ts';
import { orderActions } from '../../domain/orders/action.ts';
import { orderBadges } from '../../domain/orders/badge.ts';
import { shippers } from '../../domain/orders/list.ts';
import { label, toLabel } from './labels.ts';
import { orderRow, toOrderRow } from './order-rows.ts';
import { order, orderLine, toOrder } from './orders.ts';

const lineDetail = orderLine.extend({
  available: z
    .int()
    .nullable()
    .describe('Units of its product that may still be promised. Null where the line has no product.'),
  weightGrams: z.int().nullable().describe('Of one unit, as its product has it. Null where it is not known.'),
});

/** An order with all that a person needs to decide about it. */
export const orderDetail = order
  .extend({
    lines: z.array(lineDetail),
    badge: z.enum(orderBadges).describe('The one word for the order: what a person must look at comes first.'),
    shipsFrom: z.enum(shippers).nullable().describe('Null where no unit is to ship or has shipped.'),
    actions: z
      .array(
        z.object({
          action: z.enum(orderActions),
          allowed: z.boolean(),
          because: z.enum(errorCodes).nullable().describe('Why the command would be refused.'),
        }),
      )
      .describe('What you may do with the order now, by the rules that the commands check.'),
    parent: z.object({ id: z.string(), number: z.string() }).nullable(),
    children: z.array(orderRow).describe('The leaves of an order that was split.'),
    labels: z.array(label).describe('The oldest first. Also those that a supplier bought with your label account.'),
  })
  .meta({ id: 'OrderDetail' });
type OrderDetailAnswer = z.input<typeof orderDetail>;

/** Builds the answer in the order of its schema (api/plugins/as-built.ts). */
export function toOrderDetail(detail: OrderDetail): OrderDetailAnswer {
  const answer = toOrder(detail.order);
  return Object.assign(answer, {
    lines: answer.lines.map((line) => {
      const product = detail.products.get(line.id);
      return Object.assign(line, { available: product?.available ?? null, weightGrams: product?.weightGrams ?? null });
    }),
    badge: detail.badge,
    shipsFrom: detail.shipsFrom,
    actions: detail.actions,
    parent: detail.parent,
    children: detail.children.map(toOrderRow),
    labels: detail.labels.map((one) => toLabel(one, detail.labelAttentions)),
  });
}
