import { storeOrder } from '../../../db/orders/store-order.ts';
import { markImported } from '../../../db/dropships/imports.ts';
import { storeAnswer } from '../../../db/engine/idempotency.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { insertShipment, requireShipment, resolveRemoteLines, findShipment } from '../../../db/shipments/shipments.ts';
import { readTexts } from '../../../db/shipments/texts.ts';
import { ensureMirrorProducts } from '../../../db/catalogue/mirror-products.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import { allTexts } from '../../../domain/shipments/texts.ts';
import type { Workflows } from '../../../temporal/client.ts';
import type { Caller, TestApi } from '../engine/test-api.ts';

export type Line = { id: string; remoteLineId: string; sku: string; quantity: number; shipped: number };
export type OrderJson = {
  id: string;
  number: string;
  status: string;
  childIds: string[];
  parentId: string | null;
  lines: Line[];
  dropship: { id: string; status: string; supplierId: string; supplierOrderNumber?: string } | null;
  [field: string]: unknown;
};

export const shipTo = {
  name: 'Ada Lovelace',
  address1: '12 Harbour Street',
  city: 'Porto',
  postalCode: '4000',
  country: 'PT',
};

export async function aProduct(account: Caller, sku: string, rest: object = { fulfillmentType: 'in_house' }) {
  const answer = await account.post('/v1/products', { sku, name: `Product ${sku}`, suppliers: [], ...rest });
  if (answer.statusCode !== 201) throw new Error(answer.body);
}

export async function anApiChannel(account: Caller): Promise<string> {
  const answer = await account.post('/v1/channels', { kind: 'api', name: 'Own shop', settings: {}, credentials: {} });
  return answer.json<{ id: string }>().id;
}

let last = 1000;
/** The body of an order with one line of each SKU, two units each. */
export function anOrder(channelId: string, skus: readonly string[] = ['MUG'], rest: object = {}) {
  last += 1;
  return {
    channelId,
    remoteId: `remote-${last}`,
    number: String(last),
    placedAt: '2026-11-20T10:00:00Z',
    currency: 'EUR',
    shipTo,
    lines: skus.map((sku, index) => ({
      remoteLineId: `l${index + 1}`,
      sku,
      name: `Product ${sku}`,
      quantity: 2,
      unitPrice: { amount: 1250, currency: 'EUR' },
    })),
    ...rest,
  };
}

/** A merchant with an `api` channel and the product MUG. */
export async function aMerchant(api: TestApi): Promise<{ merchant: Caller; channelId: string }> {
  const merchant = await api.anAccount();
  const channelId = await anApiChannel(merchant);
  await aProduct(merchant, 'MUG');
  return { merchant, channelId };
}

export async function aPostedOrder(account: Caller, body: object): Promise<OrderJson> {
  const answer = await account.post('/v1/orders', body);
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json();
}

export type Handed = {
  merchant: Caller;
  supplier: Caller;
  channelId: string;
  supplierId: string;
  connectionId: string;
  portalId: string;
};

/** A merchant and a supplier that gets LAMP automatically, RUG by hand. */
export async function aTrade(api: TestApi): Promise<Handed> {
  const { merchant, channelId } = await aMerchant(api);
  const supplier = await api.anAccount();
  const { supplierId, connectionId, portalId } = await api.aConnection(merchant, supplier);
  await aProduct(merchant, 'LAMP', { fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] });
  await aProduct(merchant, 'RUG', { fulfillmentType: 'dropshippable', suppliers: [{ supplierId }] });
  return { merchant, supplier, channelId, supplierId, connectionId, portalId };
}

/** What the import activity does: the supplier's copy of a merchant's leaf. @returns its id */
export async function imported(api: TestApi, trade: Handed, leaf: OrderJson): Promise<string> {
  const lines = leaf.lines.map(({ id, sku, quantity }) => ({
    remoteLineId: id,
    sku,
    name: `Product ${sku}`,
    quantity,
    unitPriceMinor: null,
  }));
  const dropshipId = leaf.dropship!.id;
  const { orderId } = await withAccount(api.pool, trade.supplier.accountId, async (db) => {
    await ensureMirrorProducts(db, trade.portalId, lines);
    return storeOrder(db, {
      channelId: trade.portalId,
      order: {
        remoteId: dropshipId,
        number: leaf.number,
        placedAt: '2026-11-20T10:00:00.000Z',
        currency: 'EUR',
        shipTo,
        shippingMethod: null,
        lines,
      },
      origin: { dropshipId, merchantName: 'A company', via: [trade.merchant.accountId] },
      actor: { kind: 'merchant', id: trade.merchant.accountId },
    });
  });
  await withAccount(api.pool, trade.merchant.accountId, (db) => markImported(db, [{ dropshipId, orderId }]));
  return orderId;
}

/** The effect of the dropship's Update on the supplier's rows, without its validator. */
export const recordsShipments =
  (accountOf: (dropshipId: string) => string) =>
  (pool: Pool): Partial<Workflows> => ({
    recordShipment: (dropshipId, input) =>
      withAccount(pool, accountOf(dropshipId), async (db) => {
        await lockOrder(db, input.orderId!);
        if (!(await findShipment(db, input.shipmentId))) {
          const lines = await resolveRemoteLines(db, input.orderId!, input.lines);
          const actor = { kind: 'account', id: input.by } as const;
          await insertShipment(
            db,
            {
              ...input,
              ...allTexts(input, input.textsId === undefined ? {} : await readTexts(db, input.textsId)),
              id: input.shipmentId,
              orderId: input.orderId!,
              dropshipId: null,
              lines,
            },
            actor,
          );
        }
        const shipment = await requireShipment(db, input.shipmentId);
        if (input.key) await storeAnswer(db, { ...input.key, status: 201, answer: shipment });
        return shipment;
      }),
  });
