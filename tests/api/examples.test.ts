import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { rateParcel } from '../../activities/labels/rate.ts';
import { raiseAttention } from '../../db/attentions.ts';
import { insertSupplier } from '../../db/accounts/suppliers.ts';
import { insertPortal } from '../../db/channels/channels.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { storeOrder } from '../../db/orders/store-order.ts';
import { anIncomingOrder } from '../support/trade/database-trade.ts';
import { noteEdit } from '../../db/orders/edits.ts';
import type { Workflows } from '../../temporal/client.ts';
import { printedLink } from '../../db/people/provision.ts';
import { labelDeps } from '../support/trade/label-trade.ts';
import { aBrowser, signedIn, type Browser } from '../support/trade/people.ts';
import { callerOf, openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { aLeaf, cancel, cancelWorkflows } from '../support/trade/api-cancels.ts';
import { aProduct, imported, shipTo, type Handed, type OrderJson } from '../support/trade/api-orders.ts';
import { named, storePage } from '../support/trade/database-catalogue.ts';

type Operation = { operationId: string; requestBody?: { content: Record<string, { example?: object }> } };
type Method = 'POST' | 'PUT' | 'PATCH';
type Answer = { id: string; key?: string; results?: { status: string }[] };

const { paths } = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const requests = new Map(
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { operationId, requestBody }]) => {
      const body = requestBody?.content['application/json'];
      return body ? [[operationId, { path, method: method.toUpperCase() as Method, ...body }] as const] : [];
    }),
  ),
);

const schedule = { task: 'import_orders', interval: 'instant', paused: false, nextRuns: [] } as const;
const run = { task: 'import_orders', workflowId: 'import_orders/x', runId: 'run-1', startedAt: '2026-01-31T12:00:00.000Z', nextRunAt: null } as const; // prettier-ignore
/** Beside these, the fake of Temporal accepts a message and does nothing. */
const fakes: Partial<Workflows> = {
  changeSchedule: async () => ({ ...schedule, nextRuns: [] }),
  sync: async () => run,
  resolveAttention: async () => 'decided',
};
const api: TestApi = forTheFile(() =>
  openApi((pool) => ({
    ...cancelWorkflows(pool),
    ...fakes,
    rateParcel: (input) => rateParcel(labelDeps(pool, { sealer: api.sealer }), input),
  })),
);

/** Which id or number is meant here, by the one that the examples have. */
const meant: Record<string, string> = {};
const sent = new Set<string>();

/** Sends the example of an operation, which must work: also each item of a batch. @param at the path's parameters */
async function send<T extends object = Answer>(operationId: string, by: Caller, at: Record<string, string> = {}) {
  const { method, payload, url } = requestOf(operationId, at);
  const headers = { authorization: `Bearer ${by.key}`, 'idempotency-key': randomUUID() };
  const answer = await api.app.inject({ method, url, headers, payload });
  const answered = (answer.body === '' ? {} : answer.json()) as T & Partial<Answer>;
  const { results } = answered;
  const isDone = results === undefined || (results.length > 0 && results.every(({ status }) => status === 'ok'));
  if (answer.statusCode >= 300 || !isDone) throw new Error(`The example of ${operationId}: ${answer.body}`);
  sent.add(operationId);
  return answered;
}

function requestOf(operationId: string, at: Record<string, string>) {
  const { path, method, example } = requests.get(operationId)!;
  const payload = JSON.parse(JSON.stringify(example), (_key, value) =>
    typeof value === 'string' ? (meant[value] ?? value) : (value as unknown),
  ) as object;
  return { method, payload, url: path.replaceAll(/\{(\w+)\}/g, (_parameter, name: string) => at[name]!) };
}

/** As `send`, by a person's browser. */
async function sendFrom(browser: Browser, operationId: string): Promise<void> {
  const { method, payload, url } = requestOf(operationId, {});
  const answer = await browser.ask(method, url, { body: payload });
  if (answer.statusCode >= 300) throw new Error(`The example of ${operationId}: ${answer.body}`);
  sent.add(operationId);
}

let last = 1000;
/** The order of the example, under a number of its own. */
async function anOrder(merchant: Caller): Promise<OrderJson> {
  last += 1;
  Object.assign(meant, { '5001': `remote-${last}`, '1001': String(last), '1001-1': `${last}-1` });
  const order = await send<OrderJson>('createOrder', merchant);
  Object.assign(meant, { ord_1001: order.id, line_1001a: order.lines[0]!.id });
  return order;
}

it('the example of each body works', async () => {
  const trade = await theCompanies();
  await theCatalogue(trade);
  await theStock(trade);
  await theOrders(trade);
  await thePaper(trade);
  await theShipments(trade);
  await theLabels(trade);
  await theSuppliersAnswers(trade);
  await theTasks(trade);
  await theAttentions(trade);
  await thePeople(trade);
  await send('updateConnection', api.operator, { id: trade.connectionId });

  expect([...sent].sort()).toEqual([...requests.keys()].sort());
});

async function theCompanies(): Promise<Handed> {
  const { id: accountId } = await send('createAccount', api.operator);
  meant['acct_HarbourGoods'] = accountId;
  const { id: keyId, key } = await send('createKey', api.operator);
  await send('rotateKey', api.operator, { id: keyId });
  const merchant = callerOf(api.app, accountId, key!);
  const supplier = await api.anAccount();
  meant['acct_SummitSupply'] = supplier.accountId;
  const { id: connectionId } = await send('createConnection', api.operator);
  // As the workflow sets it up.
  const { id: supplierId } = await withAccount(api.pool, accountId, (db) =>
    insertSupplier(db, { connectionId, name: 'Summit Supply' }),
  );
  const portalId = await withAccount(api.pool, supplier.accountId, (db) =>
    insertPortal(db, { connectionId, name: 'Harbour Goods' }),
  );
  meant['sup_SummitSupply'] = supplierId;
  await send('updateSupplier', merchant, { id: supplierId });
  const { id: channelId } = await send('createChannel', merchant);
  meant['chan_OwnShop'] = channelId;
  await send('updateChannel', merchant, { id: channelId });
  return { merchant, supplier, channelId, supplierId, connectionId, portalId };
}

async function thePeople({ merchant }: Handed): Promise<void> {
  const { email } = requests.get('signIn')!.example as { email: string };
  const dana = await signedIn(api, { email, memberships: [{ accountId: merchant.accountId, role: 'admin' }] });
  await sendFrom(dana, 'updateUser');
  const { password } = requests.get('signIn')!.example as { password: string };
  await dana.ask('PUT', '/v1/session/password', { body: { password } });
  await sendFrom(aBrowser(api.app), 'signIn');
  await sendFrom(dana, 'changePassword');
  await sendFrom(aBrowser(api.app), 'sendSignInLink');
  const { token } = requests.get('signInByLink')!.example as { token: string };
  meant[token] = await printedLink(api.pool, dana.userId, new Date());
  await sendFrom(aBrowser(api.app), 'signInByLink');
  const { link } = await send<{ link: string }>('createInvitation', merchant);
  meant[token] = link.slice(link.indexOf('#') + 1);
  await sendFrom(aBrowser(api.app), 'lookAtInvitation');
  await sendFrom(aBrowser(api.app), 'acceptInvitation');
  const { data } = (await merchant.get('/v1/members')).json<{ data: { userId: string; email: string }[] }>();
  await send('updateMember', merchant, { id: data.find((member) => member.email !== email)!.userId });
}

async function theCatalogue({ merchant, channelId }: Handed): Promise<void> {
  const { id } = await send('createProduct', merchant);
  meant['prod_MugBlue'] = id;
  await send('updateProduct', merchant, { id });
  // From here on each order stays until its supplier is named.
  await merchant.patch(`/v1/products/${id}`, { fulfillmentType: 'dropshippable' });
  await send('upsertProducts', merchant);
  await storePage(api.pool, { accountId: merchant.accountId, channelId }, [named('remote-1', 'MUG-BLUE')]);
  const listings = (await merchant.get('/v1/listings')).json<{ data: { id: string }[] }>().data;
  await send('updateListing', merchant, { id: listings[0]!.id });
}

async function theStock({ supplier }: Handed): Promise<void> {
  await send('createWarehouse', supplier);
  await aProduct(supplier, 'SUM-100');
  await send('setStock', supplier);
  await send('setStockBatch', supplier);
  await send('adjustStock', supplier);
  await send('adjustStockBatch', supplier);
}

async function theOrders({ merchant, supplierId, channelId }: Handed): Promise<void> {
  const actor = { kind: 'channel', id: channelId } as const;
  const { orderId } = await withAccount(api.pool, merchant.accountId, (db) =>
    storeOrder(db, { channelId, order: anIncomingOrder([{ sku: 'UNKNOWN' }]), actor }),
  );
  const { lines } = (await merchant.get(`/v1/orders/${orderId}`)).json<OrderJson>();
  await send('chooseLineProduct', merchant, { id: orderId, lineId: lines[0]!.id });
  const { id } = await anOrder(merchant);
  await send('updateOrder', merchant, { id });
  await send('cancelOrder', merchant, { id });
  await send('createErasure', merchant);
  await send('setRetention', merchant);
  await send('exportPerson', merchant);
  await anOrder(merchant);
  await send('markOrdersPrinted', merchant);
  await send('cancelOrders', merchant);
  await anOrder(merchant);
  await send('goLive', merchant, { id: supplierId });
  for (const decision of ['acceptOrderEdit', 'dismissOrderEdit']) {
    const edited = await anOrder(merchant);
    meant['edit_1'] = await anEditOf(merchant, edited);
    await send(decision, merchant, { id: edited.id });
  }
}

/** The order's shop has another address now. @returns the edit's id */
async function anEditOf(merchant: Caller, { id, lines }: OrderJson): Promise<string> {
  const order = {
    remoteId: meant['5001']!,
    number: meant['1001']!,
    placedAt: '2026-01-31T12:00:00.000Z',
    currency: 'USD',
    shipTo,
    shippingMethod: null,
    lines: lines.map((line) => ({ ...line, name: 'Stoneware mug, blue', unitPriceMinor: 1900 })),
  };
  const actor = { kind: 'channel', id: meant['chan_OwnShop']! } as const;
  await withAccount(api.pool, merchant.accountId, (db) => noteEdit(db, { orderId: id, order, actor, at: new Date() }));
  return (await merchant.get(`/v1/orders/${id}`)).json<{ pendingEdit: { id: string } }>().pendingEdit.id;
}

async function thePaper({ merchant }: Handed): Promise<void> {
  await send('setBrand', merchant);
  await anOrder(merchant);
  await send('createPrintJob', merchant);
}

async function theShipments({ merchant }: Handed): Promise<void> {
  const { id: shipped } = await anOrder(merchant);
  const { id } = await send('createShipment', merchant, { id: shipped });
  await send('correctShipment', merchant, { id });
  await send('voidShipment', merchant, { id });
  const { id: divided } = await anOrder(merchant);
  const { orders } = await send<{ orders: object[] }>('splitOrder', merchant, { id: divided });
  expect(orders).toHaveLength(2);
  await send('createShipments', merchant);
}

async function theLabels({ merchant }: Handed): Promise<void> {
  const { id: labelAccountId } = await send('createLabelAccount', merchant);
  await send('updateLabelAccount', merchant, { id: labelAccountId });
  const { data } = (await merchant.get('/v1/warehouses')).json<{ data: { id: string; supplierId: string | null }[] }>();
  const own = data.find(({ supplierId }) => supplierId === null)!;
  await send('updateWarehouse', merchant, { id: own.id });
  const { id } = await anOrder(merchant);
  const { quotes } = await send<{ quotes: { id: string }[] }>('createRating', merchant, { id });
  expect(quotes).toHaveLength(3);
  await theLabelsOf(merchant, id, quotes[0]!);
}

/** Its workflow does nothing here, so the rows are set as it would leave them. */
async function theLabelsOf(merchant: Caller, orderId: string, quote: { id: string }): Promise<void> {
  meant['quo_Economy'] = quote.id;
  const { id } = await send('createLabel', merchant, { id: orderId });
  await withAccount(api.pool, merchant.accountId, (db) => db('labels').update({ status: 'recorded' }));
  await send('voidLabel', merchant, { id });
  await send('createShipment', merchant, { id: orderId });
  const body = { parcel: { weightGrams: 900, lengthMm: 250, widthMm: 200, heightMm: 120 }, isReturn: true };
  const back = (await merchant.post(`/v1/orders/${orderId}/rates`, body)).json<{ quotes: { id: string }[] }>();
  meant['quo_Economy'] = back.quotes[0]!.id;
  await send('createReturnLabel', merchant, { id: orderId });
}

async function theSuppliersAnswers(trade: Handed): Promise<void> {
  for (const response of ['acceptOrder', 'rejectOrder', 'acceptOrders', 'rejectOrders']) {
    const { id } = await anOrder(trade.merchant);
    const { orders } = await send<{ orders: OrderJson[] }>('dropshipOrder', trade.merchant, { id });
    await sendAsSupplier(trade.supplier, await imported(api, trade, orders[0]!), response);
  }
  for (const answer of ['acceptCancel', 'declineCancel']) {
    const asked = await aLeaf(api);
    const orderId = await imported(api, asked.trade, asked.leaf);
    await cancel(asked.trade.merchant, asked.leaf.id, { lines: [{ lineId: asked.leaf.lines[0]!.id, quantity: 1 }] });
    await sendAsSupplier(asked.trade.supplier, orderId, answer);
  }
}

/** The supplier's order has ids of its own. */
async function sendAsSupplier(supplier: Caller, id: string, operationId: string): Promise<void> {
  const { lines } = (await supplier.get(`/v1/orders/${id}`)).json<OrderJson>();
  Object.assign(meant, { ord_1001: id, line_1001a: lines[0]!.id });
  await send(operationId, supplier, { id });
}

async function theTasks({ supplier, portalId }: Handed): Promise<void> {
  await send('updateSchedule', supplier, { id: portalId, task: 'import_orders' });
  await send('syncChannel', supplier, { id: portalId });
  await send('syncAccount', supplier);
  await send('recognizeCarrier', supplier);
}

async function theAttentions({ merchant, channelId }: Handed): Promise<void> {
  for (const decision of ['resolveAttention', 'resolveAttentions']) {
    const { id: orderId } = await anOrder(merchant);
    const workflowId = `push_shipment/${orderId}`;
    const { id } = await withAccount(api.pool, merchant.accountId, (db) =>
      raiseAttention(db, { orderId, channelId, workflowId, step: 'push', code: 'channel_unauthorized' }),
    );
    await send(decision, merchant, { id });
  }
}
