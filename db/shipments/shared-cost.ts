import type { Money } from '../../domain/orders/order.ts';
import type { AccountDb } from '../engine/with-account.ts';
import type { Shipment } from './shipments.ts';

/**
 * The cost of a supplier's label as its merchant may see it: only where the supplier shares it on the portal of the order.
 * @param db of the supplier
 */
export async function sharedLabelCost(
  db: AccountDb,
  { orderId, labelCost }: Pick<Shipment, 'orderId' | 'labelCost'>,
): Promise<Money | null> {
  const portal = await db('orders as o')
    .join('channels as c', 'c.id', 'o.channel_id')
    .where('o.id', orderId)
    .first<{ shares_label_cost: boolean } | undefined>('c.shares_label_cost');
  return portal?.shares_label_cost ? labelCost : null;
}
