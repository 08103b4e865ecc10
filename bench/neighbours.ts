import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError, restClient, type Rest } from '../tests/support/engine/rest.ts';
import { percentile, until } from './measure.ts';
import { pooled, startService, timed, type Service } from './service.ts';

/**
 * Measures what one account feels of another whose shops accept each call and never answer: from placing an order to its
 * confirmed shipment, and a Sync of its shop's stock. First alone, then beside the hanging shops, in the same run. Read the
 * ratios; the aim is 1.5.
 */
const hangingChannels = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 40);
/** Between two new orders with their Syncs of the hanging account, while the other is measured: seldom, so that they are no load. */
const pressureMs = 2_000;
const everyMs = 20;

type Id = { id: string };
const callbackSecret = `whsec_${randomBytes(24).toString('base64')}`;
const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };

async function listening<S extends Server>(server: S): Promise<{ server: S; host: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Accepts, and never answers. */
async function startHangingShop() {
  const sockets = new Set<Socket>();
  const hold = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.resume();
  };
  const { server, host } = await listening(createServer(hold));
  return {
    host,
    held: () => sockets.size,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const startShop = () =>
  listening(createHttpServer((request, response) => void request.resume().on('end', () => response.end())));

let refused = 0;
/** Counts 503s of the measured account: it should see none. */
async function counted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 503) throw error;
      refused += 1;
      await delay(everyMs);
    }
  }
}

const apiChannel = (host: string) => ({
  kind: 'api',
  name: 'Shop',
  settings: { callbackUrl: `http://${host}/hook`, callbackSecret },
});

async function anAccount({ url, operatorKey }: Service, name: string): Promise<{ id: string; rest: Rest }> {
  const operator = restClient(url, operatorKey);
  const { id } = await operator.post<Id>('/accounts', { name });
  const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name, scopes: ['admin'] });
  return { id, rest: restClient(url, key) };
}

type Market = { merchant: Rest; supplier: Rest; portalId: string; channelId: string };

async function openMarket(service: Service, host: string): Promise<Market> {
  const operator = restClient(service.url, service.operatorKey);
  const [merchant, supplier] = [await anAccount(service, 'Merchant'), await anAccount(service, 'Supplier')];
  await operator.post('/connections', { merchantAccountId: merchant.id, supplierAccountId: supplier.id });
  const first = (rest: Rest, path: string) => until(async () => (await rest.get<{ data: Id[] }>(path)).data[0]?.id);
  const supplierId = await first(merchant.rest, '/suppliers');
  const portalId = await first(supplier.rest, '/channels');
  const product = { sku: 'SKU-1', name: 'One', fulfillmentType: 'automatically_dropshipped' };
  await merchant.rest.post('/products', { ...product, suppliers: [{ supplierId }] });
  const { id: channelId } = await merchant.rest.post<Id>('/channels', apiChannel(host));
  const market = { merchant: merchant.rest, supplier: supplier.rest, portalId, channelId };
  await sync(market.merchant, channelId, 'import_products');
  return market;
}

type Task = { id: string; status: string; cause: string | null };

/** From the request to the end of its run. */
async function sync(rest: Rest, channelId: string, task: string): Promise<void> {
  const begin = () => rest.post<{ tasks: Task[] }>(`/channels/${channelId}/sync`, { tasks: [task] });
  // A channel that was just made has no Schedules yet.
  const { tasks } = await until(() => begin().catch(orAgain), { everyMs: 100 });
  await until(async () => (await counted(() => rest.get<Task>(`/tasks/${tasks[0]!.id}`))).status !== 'running', { everyMs }); // prettier-ignore
}

function orAgain(error: unknown): undefined {
  if (!(error instanceof ProblemError)) throw error;
  if (error.status === 503) refused += 1;
}

function orderBody(channelId: string, sku: string) {
  const name = randomBytes(6).toString('hex');
  const lines = [{ remoteLineId: `${name}-1`, sku, name: 'One', quantity: 1, unitPrice: { amount: 100, currency: 'USD' } }]; // prettier-ignore
  return { channelId, remoteId: name, number: name, placedAt: '2026-11-20T10:00:00Z', currency: 'USD', shipTo, lines };
}

type Order = { id: string; dropship: Id | null; origin?: { dropshipId: string } | null };

/** An order's whole way: placed, imported by Sync, shipped, confirmed by the shop. */
async function orderToConfirmed({ merchant, supplier, portalId, channelId }: Market): Promise<void> {
  const placed = await counted(() => merchant.post<Order>('/orders', orderBody(channelId, 'SKU-1')));
  await sync(supplier, portalId, 'import_orders');
  const received = await until(
    async () =>
      (await counted(() => supplier.get<{ data: Order[] }>('/orders?limit=5'))).data.find(
        ({ origin }) => origin?.dropshipId === placed.dropship?.id,
      ),
    { everyMs },
  );
  const tracking = { carrier: 'ups', trackingNumber: `1Z${placed.id}` };
  const shipment = await counted(() => supplier.post<Id>(`/orders/${received.id}/shipments`, tracking));
  const isConfirmed = async () =>
    (await counted(() => supplier.get<{ confirmedAt: string | null }>(`/shipments/${shipment.id}`))).confirmedAt;
  await until(isConfirmed, { everyMs, seconds: 300 });
}

type Figures = { order: number[]; sync: number[] };

async function measure(market: Market, times = rounds): Promise<Figures> {
  const figures: Figures = { order: [], sync: [] };
  for (let round = 0; round < times; round += 1) {
    figures.order.push(await timed(() => orderToConfirmed(market)));
    figures.sync.push(await timed(() => sync(market.merchant, market.channelId, 'write_inventory')));
  }
  return figures;
}

type Hanging = { rest: Rest; channels: string[] };

async function openHanging(service: Service, host: string): Promise<Hanging> {
  const { rest } = await anAccount(service, 'Hanging');
  await rest.post('/products', { sku: 'OWN', name: 'Own', fulfillmentType: 'in_house', suppliers: [] });
  const numbers = Array.from({ length: hangingChannels }, (_, index) => index);
  const made = await pooled(numbers, 4, () => rest.post<Id>('/channels', apiChannel(host)));
  const channels = made.map(({ id }) => id);
  const scheduled = async (id: string) =>
    (await rest.get<{ data: unknown[] }>(`/channels/${id}/schedules`)).data.length === 4;
  for (const id of channels) await until(() => scheduled(id).catch(orAgain));
  return { rest, channels };
}

/** An order with its shipment, and a Sync. Both hang. */
async function press({ rest, channels }: Hanging, turn: number): Promise<void> {
  const channelId = channels[turn % channels.length]!;
  const { id } = await rest.post<Id>('/orders', orderBody(channelId, 'OWN'));
  await rest.post(`/orders/${id}/shipments`, { carrier: 'ups', trackingNumber: `1Z${id}` });
  await rest.post(`/channels/${channelId}/sync`, { tasks: ['import_products', 'write_inventory'] });
}

/** Fills all channels, then goes on. @returns how to end it */
async function keepPressing(hanging: Hanging): Promise<() => Promise<void>> {
  await pooled([...hanging.channels.keys()], 4, (turn) => press(hanging, turn).catch(orAgain));
  let isOver = false;
  const pressing = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      await press(hanging, turn).catch(() => undefined);
      await delay(pressureMs);
    }
  })();
  return async () => {
    isOver = true;
    await pressing;
  };
}

const shop = await startShop();
const silent = await startHangingShop();
process.env['ALLOWED_PRIVATE_HOSTS'] = `${shop.host},${silent.host}`;
const service = await startService();
try {
  const market = await openMarket(service, shop.host);
  const hanging = await openHanging(service, silent.host);
  await measure(market, 3);
  const idle = await measure(market);
  refused = 0;
  const stopPressing = await keepPressing(hanging);
  refused = 0;
  const atStart = silent.held();
  const beside = await measure(market);
  const atEnd = silent.held();
  await stopPressing();
  console.log(`${hangingChannels} hanging channels of one account, ${rounds} orders of another; calls that hang: ${atStart} at first, ${atEnd} at last`); // prettier-ignore
  for (const [name, of] of [
    ['order to confirmed', 'order'],
    ['Sync of stock', 'sync'],
  ] as const) {
    const [alone, crowded] = [percentile(idle[of], 0.95), percentile(beside[of], 0.95)];
    console.log(`${name}: p95 idle ${alone.toFixed(2)} s, beside ${crowded.toFixed(2)} s, ratio ${(crowded / alone).toFixed(2)} (aim 1.5)`); // prettier-ignore
  }
  console.log(`503s that the other account saw: ${refused} (aim 0)`);
} finally {
  await service.stop();
  shop.server.close();
  silent.stop();
}
