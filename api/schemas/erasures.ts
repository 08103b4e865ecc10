import { z } from 'zod';
import { erasureStatuses } from '../../domain/erasure.ts';
import { idOf, timeOut } from './common.ts';
import { email } from './session.ts';

/** One order, or all of an e-mail. */
export const who = {
  accountId: idOf('acct').optional().describe('For the operator, who names the account whose shop has the orders.'),
  orderId: idOf('ord').optional().describe('An order of a shop of yours; also a leaf of it. Give this or `email`.'),
  email: email.optional().describe('All orders of your shops with this e-mail. Capital and small letters are alike.'),
};
type Who = { orderId?: string | undefined; email?: string | undefined };

/** Of the two, exactly one. */
export type Meant = { orderId: string } | { email: string };

export const isOneOfBoth = ({ orderId, email: given }: Who): boolean =>
  (orderId === undefined) !== (given === undefined);
export const oneOfBoth = 'must have either orderId or email';

/** @param given checked by the schema */
export const meantBy = ({ orderId, email: given }: Who): Meant =>
  orderId === undefined ? { email: given! } : { orderId };

export const newErasure = z.strictObject(who).refine(isOneOfBoth, oneOfBoth).meta({ id: 'NewErasure' });

const orders = z.array(z.string());

export const erasure = z
  .object({
    id: z.string(),
    status: z
      .enum(erasureStatuses)
      .describe('`requested`: its orders are looked for. `waiting`: some are still open. `done`: all are erased.'),
    orderId: z.string().nullable().describe('Null where an e-mail was given, which is not stored.'),
    openOrders: orders.describe(
      'Orders that are erased once they are closed. Of an order that was split, the topmost.',
    ),
    erasedOrders: orders,
    requestedAt: timeOut,
    doneAt: timeOut.nullable(),
  })
  .meta({ id: 'Erasure' });
