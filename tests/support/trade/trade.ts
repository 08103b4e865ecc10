import { randomBytes } from 'node:crypto';
import {
  dataOf,
  type NewProduct,
  type Order,
  type Shipment,
  type Task,
} from '../../../clients/typescript/src/index.ts';
import { keyed, type Rest } from '../engine/rest.ts';
import { persistently } from './stage.ts';
import { waitUntil } from '../engine/wait-until.ts';

/** An account as its owner sees it. */
export type Company = { id: string; name: string; rest: Rest };
type Places = { operator: Rest; as: (key: string) => Rest };

export async function aCompany(
  { operator, as }: Places,
  name = `Company ${randomBytes(3).toString('hex')}`,
): Promise<Company> {
  // Many files begin at once: a busy service may ask to try again.
  const { id } = await persistently(() => dataOf(operator.api.POST('/v1/accounts', { body: { name } })));
  const body = { accountId: id, name: 'test', scopes: ['admin' as const] };
  const { key } = await persistently(() => dataOf(operator.api.POST('/v1/keys', { body })));
  return { id, name, rest: as(key!) };
}

export type Trade = { connectionId: string; supplierId: string; portalId: string };

/** A connection of two companies, made by the operator and set up on both sides. */
export async function aConnection({ operator }: Places, merchant: Company, supplier: Company): Promise<Trade> {
  const body = { merchantAccountId: merchant.id, supplierAccountId: supplier.id };
  const { id } = await persistently(() => dataOf(operator.api.POST('/v1/connections', { body })));
  const supplierId = await waitUntil(async () => {
    const { data } = await dataOf(merchant.rest.api.GET('/v1/suppliers'));
    return data.find((entry) => entry.connectionId === id)?.id;
  });
  const portalId = await waitUntil(async () => {
    const { data } = await dataOf(supplier.rest.api.GET('/v1/channels'));
    return data.find((channel) => channel.connectionId === id)?.id;
  });
  const params = { path: { id } };
  await waitUntil(async () => (await dataOf(operator.api.GET('/v1/connections/{id}', { params }))).setUpAt);
  return { connectionId: id, supplierId, portalId };
}

export async function anApiChannel(merchant: Company, settings: object = {}): Promise<string> {
  const { id } = await dataOf(
    merchant.rest.api.POST('/v1/channels', { body: { kind: 'api', name: 'Own shop', settings } }),
  );
  return id;
}

export type TaskType = Task['type'];
export type TaskAnswer = Task;

/** Runs Sync and waits until the run has succeeded. @throws ProblemError when Sync is refused */
export async function ranTask(company: Company, channelId: string, type: TaskType): Promise<TaskAnswer> {
  const { tasks } = await persistently(() =>
    dataOf(
      company.rest.api.POST('/v1/channels/{id}/sync', { params: { path: { id: channelId } }, body: { tasks: [type] } }),
    ),
  );
  const ended = await waitUntil(
    async () => {
      const task = await dataOf(company.rest.api.GET('/v1/tasks/{id}', { params: { path: { id: tasks[0]!.id } } }));
      return task.status !== 'running' && task;
    },
    { timeoutMs: 30_000, everyMs: 60, what: `the end of ${type}` },
  );
  if (ended.status !== 'succeeded') throw new Error(`${type} ended: ${JSON.stringify(ended)}`);
  return ended;
}

type ProductWish = {
  sku?: string;
  supplierId?: string;
  fulfillmentType?: NewProduct['fulfillmentType'];
  supplierSku?: string;
};

/** A product; automatically dropshipped when a supplier is named, else in-house. @returns its SKU */
export async function aProduct(merchant: Company, wish: ProductWish = {}): Promise<string> {
  const sku = wish.sku ?? `SKU-${randomBytes(4).toString('hex').toUpperCase()}`;
  const { supplierId, supplierSku } = wish;
  const body: NewProduct = {
    sku,
    name: `Product ${sku}`,
    fulfillmentType: wish.fulfillmentType ?? (supplierId === undefined ? 'in_house' : 'automatically_dropshipped'),
    suppliers: supplierId === undefined ? [] : [{ supplierId, ...(supplierSku !== undefined && { supplierSku }) }],
  };
  await dataOf(merchant.rest.api.POST('/v1/products', { body }));
  return sku;
}

export type OrderAnswer = Order;
export type ShipmentAnswer = Shipment;

/** Personal data that must not appear outside its rows. */
export const canary = {
  name: 'Canary Quillfeather',
  address1: '7 Peppercorn Alley',
  city: 'Smallville',
  postalCode: '66002',
  country: 'US',
  phone: '+1 555 010 7788',
  email: 'canary.quillfeather@example.org',
};

type OrderWish = {
  channelId: string;
  lines: { sku: string; quantity: number }[];
  number?: string;
  currency?: string;
};

/** What a merchant's shop posts. */
export function anOrderBody({ channelId, lines, number, currency = 'USD' }: OrderWish) {
  const remoteId = randomBytes(5).toString('hex');
  return {
    channelId,
    remoteId,
    number: number ?? remoteId.toUpperCase(),
    placedAt: '2026-11-20T10:00:00Z',
    currency,
    shipTo: canary,
    customer: { name: canary.name, email: canary.email },
    notes: { customer: 'Please ring twice, says Quillfeather.' },
    shippingMethod: 'standard',
    lines: lines.map(({ sku, quantity }, index) => ({
      remoteLineId: `${remoteId}-${index}`,
      sku,
      name: `Name of ${sku}`,
      quantity,
      unitPrice: { amount: 1999, currency },
    })),
  };
}

export const placeOrder = (merchant: Company, wish: OrderWish) =>
  dataOf(merchant.rest.api.POST('/v1/orders', { body: anOrderBody(wish) }));

export const orderOf = (company: Company, id: string) =>
  dataOf(company.rest.api.GET('/v1/orders/{id}', { params: { path: { id } } }));

/** An order with its leaves, or itself alone. */
export async function leavesOf(company: Company, id: string): Promise<OrderAnswer[]> {
  const order = await orderOf(company, id);
  if (order.childIds.length === 0) return [order];
  return Promise.all(order.childIds.map((childId) => orderOf(company, childId)));
}

/** Repeats Sync until the supplier has the order of this dropship. */
export async function received(
  supplier: Company,
  { portalId, dropshipId }: { portalId: string; dropshipId: string },
): Promise<OrderAnswer> {
  const importing = { params: { path: { id: portalId } }, body: { tasks: ['import_orders' as const] } };
  const found = () => waitUntil(() => findReceived(supplier, dropshipId), { timeoutMs: 5_000 });
  // A Sync during a run answers with that run, which may have read the page before this dropship came.
  const pressed = () => dataOf(supplier.rest.api.POST('/v1/channels/{id}/sync', importing)).then(found);
  return waitUntil(pressed, { timeoutMs: 30_000, what: `the order of ${dropshipId} with its supplier` });
}

export async function findReceived(supplier: Company, dropshipId: string): Promise<OrderAnswer | undefined> {
  const { data } = await dataOf(supplier.rest.api.GET('/v1/orders', { params: { query: { limit: 200 } } }));
  return data.find((order) => order.origin?.dropshipId === dropshipId);
}

export const ship = (
  company: Company,
  orderId: string,
  wish: { trackingNumber: string; lines?: { lineId: string; quantity: number }[]; key?: string },
) =>
  dataOf(
    company.rest.api.POST('/v1/orders/{id}/shipments', {
      params: { path: { id: orderId }, header: keyed(wish.key) },
      body: { carrier: 'ups', trackingNumber: wish.trackingNumber, ...(wish.lines && { lines: wish.lines }) },
    }),
  );

export const shipmentOf = (company: Company, id: string) =>
  dataOf(company.rest.api.GET('/v1/shipments/{id}', { params: { path: { id } } }));
