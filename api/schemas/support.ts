import { z } from 'zod';
import { dropshipStatuses } from '../../domain/dropships/dropship.ts';
import { errorCodes } from '../../domain/errors.ts';
import { orderStatuses } from '../../domain/orders/order.ts';
import { text } from './common.ts';

export const supportQuery = z.strictObject({
  q: text(200).describe('The number of an order, or the id of an order or a dropship. Case counts.'),
});

const foundOrder = z.object({
  accountId: z.string(),
  accountName: z.string(),
  orderId: z.string(),
  number: z.string(),
  status: z.enum(orderStatuses),
  dropshipId: z.string().nullable().describe('The dropship by which a supplier ships it, or by which it came.'),
  dropshipStatus: z.enum(dropshipStatuses).nullable(),
  workflowId: z.string().nullable().describe('The workflow of the dropship.'),
  workflowUrl: z.string().nullable().describe('Its page in the Temporal UI; null where `TEMPORAL_UI_URL` is not set.'),
  attention: z.enum(errorCodes).nullable().describe('Why a step of the order is parked.'),
});

/** A number may be in use in many accounts. */
export const foundAtOnce = 50;

export const foundOrders = z
  .object({ data: z.array(foundOrder).describe(`At most ${foundAtOnce}, the newest first.`) })
  .meta({ id: 'FoundOrders' });
