import { randomBytes } from 'node:crypto';
import type { Rest } from '../../../standalone/rest.ts';
import { persistently } from './stage.ts';
import { waitUntil } from '../engine/wait-until.ts';

/** An account as its owner sees it. */
export type Company = { id: string; name: string; rest: Rest };
type Places = { operator: Rest; as: (key: string) => Rest };

export async function aCompany(
  { operator, as }: Places,
  name = `Company ${randomBytes(3).toString('hex')}`,
): Promise<Company> {
  const { id } = await operator.post<{ id: string }>('/accounts', { name });
  const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name: 'test', scopes: ['admin'] });
  return { id, name, rest: as(key) };
}

export type Trade = { connectionId: string; supplierId: string; portalId: string };

/** A connection of two companies, made by the operator and set up on both sides. */
export async function aConnection({ operator }: Places, merchant: Company, supplier: Company): Promise<Trade> {
  const { id } = await operator.post<{ id: string }>('/connections', {
    merchantAccountId: merchant.id,
    supplierAccountId: supplier.id,
  });
  const supplierId = await waitUntil(async () => {
    const { data } = await merchant.rest.get<{ data: { id: string; connectionId: string }[] }>('/suppliers');
    return data.find((entry) => entry.connectionId === id)?.id;
  });
  const portalId = await waitUntil(async () => {
    const { data } = await supplier.rest.get<{ data: { id: string; connectionId?: string | null }[] }>('/channels');
    return data.find((channel) => channel.connectionId === id)?.id;
  });
  await waitUntil(async () => (await operator.get<{ setUpAt: string | null }>(`/connections/${id}`)).setUpAt);
  return { connectionId: id, supplierId, portalId };
}

export async function anApiChannel(merchant: Company, settings: object = {}): Promise<string> {
  const { id } = await merchant.rest.post<{ id: string }>('/channels', { kind: 'api', name: 'Own shop', settings });
  return id;
}

export type TaskType = 'import_orders' | 'import_products' | 'write_inventory' | 'cancel_orders';
export type TaskAnswer = {
  id: string;
  status: string;
  counts: Record<string, number>;
  failures: { item: string; code: string }[];
  cause: string | null;
};

/** Runs Sync and waits until the run has succeeded. @throws RestError when Sync is refused */
export async function ranTask(company: Company, channelId: string, type: TaskType): Promise<TaskAnswer> {
  const { tasks } = await persistently(() =>
    company.rest.post<{ tasks: TaskAnswer[] }>(`/channels/${channelId}/sync`, { tasks: [type] }),
  );
  const ended = await waitUntil(
    async () => {
      const task = await company.rest.get<TaskAnswer>(`/tasks/${tasks[0]!.id}`);
      return task.status !== 'running' && task;
    },
    { timeoutMs: 30_000, everyMs: 60, what: `the end of ${type}` },
  );
  if (ended.status !== 'succeeded') throw new Error(`${type} ended: ${JSON.stringify(ended)}`);
  return ended;
}

type ProductWish = { sku?: string; supplierId?: string; fulfillmentType?: string; supplierSku?: string };

/** A product; automatically dropshipped when a supplier is named, else in-house. @returns its SKU */
export async function aProduct(merchant: Company, wish: ProductWish = {}): Promise<string> {
  const sku = wish.sku ?? `SKU-${randomBytes(4).toString('hex').toUpperCase()}`;
  const { supplierId, supplierSku } = wish;
  await merchant.rest.post('/products', {
    sku,
    name: `Product ${sku}`,
    fulfillmentType: wish.fulfillmentType ?? (supplierId === undefined ? 'in_house' : 'automatically_dropshipped'),
    suppliers: supplierId === undefined ? [] : [{ supplierId, ...(supplierSku !== undefined && { supplierSku }) }],
  });
  return sku;
}

export type OrderAnswer = {
  id: string;
  number: string;
  status: string;
  overallStatus: string;
  parentId: string | null;
  childIds: string[];
  lines: { id: string; sku: string; quantity: number; shipped: number; cancelled: number; remoteLineId: string }[];
  dropship: { id: string; status: string; supplierId: string } | null;
  origin: { dropshipId: string; merchantName: string } | null;
  attention: { id: string; step: string; code: string } | null;
  shipments: ShipmentAnswer[];
  [field: string]: unknown;
};
export type ShipmentAnswer = {
  id: string;
  status: string;
  orderId: string;
  trackingNumber: string;
  carrier: string;
  lines: { lineId: string; quantity: number }[];
  relayedAt: string | null;
  pushedAt: string | null;
  confirmedAt: string | null;
  remoteIds: string[];
};

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
  merchant.rest.post<OrderAnswer>('/orders', anOrderBody(wish));

export const orderOf = (company: Company, id: string) => company.rest.get<OrderAnswer>(`/orders/${id}`);

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
  const found = () => waitUntil(() => findReceived(supplier, dropshipId), { timeoutMs: 5_000 });
  // A Sync during a run answers with that run, which may have read the page before this dropship came.
  const pressed = () => supplier.rest.post(`/channels/${portalId}/sync`, { tasks: ['import_orders'] }).then(found);
  return waitUntil(pressed, { timeoutMs: 30_000, what: `the order of ${dropshipId} with its supplier` });
}

export async function findReceived(supplier: Company, dropshipId: string): Promise<OrderAnswer | undefined> {
  const { data } = await supplier.rest.get<{ data: OrderAnswer[] }>('/orders?limit=200');
  return data.find((order) => order.origin?.dropshipId === dropshipId);
}

export const ship = (
  company: Company,
  orderId: string,
  wish: { trackingNumber: string; lines?: { lineId: string; quantity: number }[]; key?: string },
) =>
  company.rest.post<ShipmentAnswer>(
    `/orders/${orderId}/shipments`,
    { carrier: 'ups', trackingNumber: wish.trackingNumber, ...(wish.lines && { lines: wish.lines }) },
    wish.key,
  );

export const shipmentOf = (company: Company, id: string) => company.rest.get<ShipmentAnswer>(`/shipments/${id}`);
