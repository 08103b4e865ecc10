import { randomBytes } from 'node:crypto';
import { insertAccount } from '../../../db/accounts/accounts.ts';
import { insertChannel, insertPortal } from '../../../db/channels/channels.ts';
import { changeConnection, insertConnection } from '../../../db/accounts/connections.ts';
import { newId } from '../../../db/engine/ids.ts';
import { storeOrder, type StoredIncoming, type Origin } from '../../../db/orders/store-order.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { markImported } from '../../../db/dropships/imports.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { insertProduct } from '../../../db/catalogue/products.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { insertSupplier } from '../../../db/accounts/suppliers.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { ConnectionStatus } from '../../../domain/connection.ts';
import type { IncomingOrder } from '../../../domain/orders/order.ts';
import type { FulfillmentType } from '../../../domain/orders/routing.ts';
import { canary } from './trade.ts';

/** Builders by db functions alone, for tests below the API. */

export type Merchant = { accountId: string; channelId: string };
export type Link = { connectionId: string; supplierId: string; supplierAccountId: string; portalId: string };

export async function anAccount(pool: Pool, name = `Account ${randomBytes(3).toString('hex')}`): Promise<string> {
  const accountId = newId('account');
  await withAccount(pool, accountId, (db) => insertAccount(db, name));
  return accountId;
}

export async function aMerchant(pool: Pool): Promise<Merchant> {
  const accountId = await anAccount(pool);
  const sealer = createSealer(randomBytes(32).toString('base64'));
  const { id } = await withAccount(pool, accountId, (db) =>
    insertChannel(db, sealer, { kind: 'api', name: 'Shop', settings: {}, credentials: null }),
  );
  return { accountId, channelId: id };
}

/** Connects a merchant to a supplier: active, set up on both sides. */
export async function aLink(pool: Pool, merchantId: string, supplierAccountId?: string): Promise<Link> {
  const supplier = supplierAccountId ?? (await anAccount(pool));
  const parties = { merchantAccountId: merchantId, supplierAccountId: supplier };
  const { id: connectionId } = await withAccount(pool, merchantId, (db) =>
    insertConnection(db, { ...parties, proposedBy: merchantId, status: 'pending' }),
  );
  await changeLink(pool, { supplierAccountId: supplier, connectionId }, 'active');
  const { id: supplierId } = await withAccount(pool, merchantId, (db) =>
    insertSupplier(db, { connectionId, name: 'Supplier' }),
  );
  const portalId = await withAccount(pool, supplier, (db) => insertPortal(db, { connectionId, name: 'Merchant' }));
  return { connectionId, supplierId, supplierAccountId: supplier, portalId };
}

export const changeLink = (
  pool: Pool,
  link: Pick<Link, 'supplierAccountId' | 'connectionId'>,
  status: ConnectionStatus,
) => withAccount(pool, link.supplierAccountId, (db) => changeConnection(db, { id: link.connectionId, status }));

/** A product: of the default supplier when one is named, else in-house. @returns its SKU */
export async function aSku(
  pool: Pool,
  accountId: string,
  wish: { supplierId?: string; fulfillmentType?: FulfillmentType; sku?: string } = {},
): Promise<string> {
  const { supplierId, sku = `SKU-${randomBytes(4).toString('hex')}` } = wish;
  const assigned = { supplierSku: null, costMinor: null, costCurrency: null, isDefault: true };
  await withAccount(pool, accountId, (db) =>
    insertProduct(db, {
      sku,
      name: `Product ${sku}`,
      fulfillmentType: wish.fulfillmentType ?? (supplierId === undefined ? 'in_house' : 'automatically_dropshipped'),
      suppliers: supplierId === undefined ? [] : [{ ...assigned, supplierId }],
    }),
  );
  return sku;
}

export type LineWish = { sku: string; quantity?: number; shipped?: number; cancelled?: number };

export function anIncomingOrder(lines: readonly LineWish[], change: Partial<IncomingOrder> = {}): IncomingOrder {
  const remoteId = randomBytes(5).toString('hex');
  return {
    remoteId,
    number: '1001',
    placedAt: '2026-11-20T10:00:00.000Z',
    currency: 'USD',
    shipTo: canary,
    shippingMethod: 'standard',
    lines: lines.map(({ sku, quantity = 1, ...units }, index) => ({
      remoteLineId: `r${index + 1}`,
      sku,
      name: `Name of ${sku}`,
      quantity,
      unitPriceMinor: 1_999,
      ...units,
    })),
    ...change,
  };
}

/** `from.origin`: a portal's order, that came to this account by a dropship. */
export const storeOrderFor = (
  pool: Pool,
  from: Merchant & { origin?: Origin },
  order: IncomingOrder,
): Promise<StoredIncoming> =>
  withAccount(pool, from.accountId, (db) =>
    storeOrder(db, {
      channelId: from.channelId,
      order,
      ...(from.origin && { origin: from.origin }),
      actor: { kind: 'channel', id: from.channelId },
    }),
  );

/**
 * A dropship of one line that its supplier has imported. `units`: the line as the shop has it; the supplier gets the units
 * that are neither shipped nor cancelled there. `supplierOrderId`: the supplier's order.
 */
export async function anImportedDropship(
  pool: Pool,
  units: Required<Pick<LineWish, 'quantity'>> & Omit<LineWish, 'sku'>,
) {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });
  const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, ...units }]));
  const dropshipId = dropshipIds[0]!;
  const { lines } = await withAccount(pool, merchant.accountId, (db) => requireOrder(db, orderId));
  const { lineId } = lines[0]!;
  const supplier = { accountId: link.supplierAccountId, channelId: link.portalId };
  const origin = { dropshipId, merchantName: 'Merchant', via: [merchant.accountId] };
  const quantity = units.quantity - (units.shipped ?? 0) - (units.cancelled ?? 0);
  const copy = anIncomingOrder([{ sku: await aSku(pool, supplier.accountId), quantity }], { remoteId: dropshipId });
  copy.lines[0]!.remoteLineId = lineId;
  const { orderId: supplierOrderId } = await storeOrderFor(pool, { ...supplier, origin }, copy);
  await withAccount(pool, merchant.accountId, (db) => markImported(db, [{ dropshipId, orderId: supplierOrderId }]));
  return { merchant, supplier, orderId, dropshipId, lineId, supplierOrderId };
}
