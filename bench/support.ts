import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { restClient, type Rest } from '../tests/support/engine/rest.ts';
import { until } from './measure.ts';
import { startService, timed } from './service.ts';

/**
 * Measures how long support waits on an idle service: from the decision about a parked push until the shipment is
 * confirmed, one by one; and from new credentials of a channel until its parked pushes are confirmed, the first and the
 * others.
 */
const count = Number(process.argv[2] ?? 20);
const everyMs = 20;

/** A shop that answers each call with the status that was set last. */
async function startShop() {
  let status = 200;
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    answer: (next: number) => void (status = next),
    stop: () => server.close(),
  };
}

type Parked = { shipmentId: string; attentionId: string };
type Order = { id: string; attention: { id: string } | null };

async function parkOne(merchant: Rest, channelId: string): Promise<Parked> {
  const name = randomBytes(6).toString('hex');
  const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };
  const unitPrice = { amount: 100, currency: 'USD' };
  const lines = [{ remoteLineId: `${name}-1`, sku: 'SKU-1', name: 'One', quantity: 1, unitPrice }];
  const body = { channelId, remoteId: name, number: name, placedAt: '2026-11-20T10:00:00Z', currency: 'USD', shipTo, lines }; // prettier-ignore
  const order = await merchant.post<Order>('/orders', body);
  const shipment = { carrier: 'ups', trackingNumber: `1Z${name}` };
  const { id } = await merchant.post<{ id: string }>(`/orders/${order.id}/shipments`, shipment);
  const attention = await until(async () => (await merchant.get<Order>(`/orders/${order.id}`)).attention, { everyMs });
  return { shipmentId: id, attentionId: attention.id };
}

const confirmed = (merchant: Rest, { shipmentId }: Parked) =>
  until(async () => (await merchant.get<{ confirmedAt: string | null }>(`/shipments/${shipmentId}`)).confirmedAt, { everyMs }); // prettier-ignore

const spread = (seconds: readonly number[]): string => {
  const sorted = [...seconds].sort((one, other) => one - other);
  return `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(2)} s, longest ${sorted.at(-1)!.toFixed(2)} s`;
};

async function parkMany(merchant: Rest, channelId: string): Promise<Parked[]> {
  const parked: Parked[] = [];
  for (let times = 0; times < count; times += 1) parked.push(await parkOne(merchant, channelId));
  return parked;
}

const shop = await startShop();
process.env['ALLOWED_PRIVATE_HOSTS'] = shop.host;
const service = await startService();
try {
  const operator = restClient(service.url, service.operatorKey);
  const { id: accountId } = await operator.post<{ id: string }>('/accounts', { name: 'Merchant' });
  const { key } = await operator.post<{ key: string }>('/keys', { accountId, name: 'bench', scopes: ['admin'] });
  const merchant = restClient(service.url, key);
  const callbackSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const settings = { callbackUrl: `http://${shop.host}/hook`, callbackSecret };
  const channel = { kind: 'api', name: 'Shop', settings };
  const { id: channelId } = await merchant.post<{ id: string }>('/channels', channel);
  await merchant.post('/products', { sku: 'SKU-1', name: 'One', fulfillmentType: 'in_house', suppliers: [] });

  shop.answer(410);
  const refused = await parkMany(merchant, channelId);
  shop.answer(200);
  const decided: number[] = [];
  for (const parked of refused) {
    decided.push(
      await timed(async () => {
        await merchant.post(`/attentions/${parked.attentionId}/resolve`, {
          action: 'retry',
          reason: 'fixed_at_source',
        });
        await confirmed(merchant, parked);
      }),
    );
  }
  console.log(`${count} parked pushes, decided one by one: ${spread(decided)} (aim 2 s)`);

  shop.answer(401);
  const locked = await parkMany(merchant, channelId);
  shop.answer(200);
  const start = performance.now();
  await merchant.patch(`/channels/${channelId}`, { settings });
  const resumed = await Promise.all(
    locked.map(async (parked) => confirmed(merchant, parked).then(() => (performance.now() - start) / 1000)),
  );
  console.log(
    `${count} parked for credentials, given new ones: first ${Math.min(...resumed).toFixed(2)} s, ${spread(resumed)}`,
  );
} finally {
  await service.stop();
  shop.stop();
}
