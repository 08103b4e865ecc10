import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { createPool } from '../db/engine/pool.ts';
import { printedLink, provisionPerson } from '../db/people/provision.ts';
import { readyPortal } from '../standalone/build/portal.ts';
import { progressTo } from '../standalone/progress.ts';
import { root } from '../standalone/root.ts';
import { openBrowser } from '../tests/support/portal/chromium.ts';
import { firstBytes, portalFiles } from '../tests/support/portal/sizes.ts';
import { openMarket } from './market.ts';
import { until } from './measure.ts';
import { startService, type Service } from './service.ts';

/**
 * Measures what a clerk waits for, in a browser on this machine: from the address of the queue to its first row, with an
 * empty cache and with a full one, at full speed and as on a slow line and a slow phone; from Enter in the tracking number
 * until the page says that it is recorded; and until it says that the shop has it. Prints what the queue loads, too.
 */
const rounds = Number(process.argv[2] ?? 10);
const openOrders = 50;

/** A shop that takes every shipment at once. */
async function startShop() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, stop: () => server.close() };
}

/** A supplier with open orders of a merchant, and the token that signs its clerk in. */
async function prepare(service: Service, shop: string) {
  const { merchant, supplier, supplierAccountId: accountId, portalId, skus } = await openMarket(service);
  const { id: channelId } = await merchant.post<{ id: string }>('/channels', {
    kind: 'api',
    name: 'Shop that hears of shipments',
    settings: { callbackUrl: `http://${shop}/`, callbackSecret: `whsec_${randomBytes(24).toString('base64')}` },
  });
  for (let number = 1; number <= openOrders; number += 1)
    await merchant.post('/orders', orderBody(channelId, number, skus));
  await supplier.post(`/channels/${portalId}/sync`, { tasks: ['import_orders'] });
  const open = () => supplier.get<{ data: { id: string }[] }>(`/order-rows?limit=${openOrders}`);
  const rows = await until(async () => {
    const { data } = await open();
    return data.length === openOrders && data;
  });
  return { accountId, token: await tokenIn(service, accountId), orderIds: rows.map(({ id }) => id) };
}

function orderBody(channelId: string, number: number, skus: readonly string[]) {
  const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };
  const unitPrice = { amount: 100, currency: 'USD' };
  const lines = skus.map((sku) => ({ remoteLineId: `${number}-${sku}`, sku, name: 'One', quantity: 1, unitPrice }));
  const [remoteId, placedAt] = [`portal-${number}`, '2026-11-20T10:00:00Z'];
  return { channelId, remoteId, number: String(number), placedAt, currency: 'USD', shipTo, lines };
}

async function tokenIn({ environment }: Service, accountId: string): Promise<string> {
  const urls = { appUrl: environment['DATABASE_URL']!, systemUrl: environment['DATABASE_SYSTEM_URL']! };
  const pool = createPool({ ...urls, name: 'bench', size: 2 });
  const memberships = [{ accountId, role: 'packer' as const }];
  const person = await provisionPerson(
    pool,
    { email: 'clerk@bench.example', name: 'A clerk', memberships },
    new Date(),
  );
  const token = await printedLink(pool, person, new Date());
  await pool.destroy();
  return token;
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const spread = (values: readonly number[]): string => {
  const sorted = [...values].sort((one, other) => one - other);
  return `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(2)} s, longest ${sorted.at(-1)!.toFixed(2)} s`;
};

type Prepared = Awaited<ReturnType<typeof prepare>>;

async function signedIn(browser: Browser, url: string, { token }: Prepared): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-US', viewport: { width: 1440, height: 900 } });
  await context.request.post('/v1/session/link', { data: { token }, headers: { origin: url } });
  return context.newPage();
}

function printSizes(folder: string) {
  const files = portalFiles(folder);
  const kB = (ending: '.js' | '.css', by: 'gzip' | 'brotli') => (firstBytes(files, ending, by) / 1000).toFixed(0);
  console.log(`scripts of the queue     ${kB('.js', 'gzip')} kB gzip, ${kB('.js', 'brotli')} kB brotli`);
  console.log(`styles of the queue      ${kB('.css', 'gzip')} kB gzip`);
}

/** A line of 1.6 Mbit/s with 150 ms each way and back, and a processor of a quarter of the speed. */
async function slowDown(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const bytesPerSecond = 1_600_000 / 8;
  const line = { offline: false, latency: 150, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
  await cdp.send('Network.emulateNetworkConditions', line);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

async function measureQueue(page: Page, { accountId }: Prepared, name: string) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  let received = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (received += encodedDataLength));
  const open = async () => {
    await page.goto(`/portal/${accountId}/orders`, { waitUntil: 'commit' });
    await page.getByRole('table').locator('tbody').getByRole('link').first().waitFor();
  };
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    await page.goto('about:blank');
    await cdp.send('Network.clearBrowserCache');
    received = 0;
    cold.push(await seconds(open));
    if (round === 0) console.log(`${name}: ${(received / 1024).toFixed(0)} KiB received with an empty cache`);
    await page.goto('about:blank');
    warm.push(await seconds(open));
  }
  console.log(`first row, empty cache   ${spread(cold)}`);
  console.log(`first row, full cache    ${spread(warm)}`);
  await cdp.detach();
}

async function measureShipping(page: Page, { accountId, orderIds }: Prepared) {
  const [recorded, shown]: [number[], number[]] = [[], []];
  for (const [index, id] of orderIds.slice(0, rounds).entries()) {
    await page.goto(`/portal/${accountId}/orders/${id}`);
    const tracking = page.getByLabel('Tracking number', { exact: true });
    await tracking.fill(`1Z999AA1${String(10_000_000 + index)}84`.slice(0, 18));
    await page.getByLabel('Carrier', { exact: true }).selectOption({ label: 'UPS' });
    await tracking.focus();
    const parcels = page.getByRole('region', { name: 'Parcels' });
    const step = (name: string) => parcels.getByRole('listitem').filter({ hasText: name }).and(page.locator('[data-done="true"]')).waitFor(); // prettier-ignore
    const began = performance.now();
    await tracking.press('Enter');
    await step('Recorded');
    recorded.push((performance.now() - began) / 1000);
    await step('In the shop');
    shown.push((performance.now() - began) / 1000);
  }
  console.log(`Enter → recorded         ${spread(recorded)}`);
  console.log(`Enter → in the shop      ${spread(shown)}`);
}

const shop = await startShop();
const portalDir = await readyPortal(root, progressTo((line) => console.error(line))); // prettier-ignore
process.env['PORTAL_DIR'] = portalDir;
process.env['ALLOWED_PRIVATE_HOSTS'] = shop.host;
const service = await startService();
const browser = await openBrowser();
try {
  const prepared = await prepare(service, shop.host);
  const page = await signedIn(browser, service.url, prepared);
  console.log(`${openOrders} open orders, ${rounds} rounds`);
  printSizes(portalDir);
  await measureQueue(page, prepared, 'This machine');
  const phone = await signedIn(browser, service.url, {
    ...prepared,
    token: await tokenIn(service, prepared.accountId),
  });
  await slowDown(phone);
  await measureQueue(phone, prepared, 'A slow line, a slow processor');
  await measureShipping(page, prepared);
} finally {
  await browser.close();
  await service.stop();
  shop.stop();
}
