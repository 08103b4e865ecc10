import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, dataOf, ProblemError, type Client } from '../../clients/typescript/src/index.ts';
import { randomSecret, readStored, writePrivate } from '../stored.ts';
import type { DemoShop } from './shop.ts';

type Side = { id: string; key: string };
type Stored = { merchant: Side; supplier: Side; connectionId: string; channelId: string; webhookSecret: string };

/** The two connected accounts of the demo, the merchant's shop as a channel, and the assigned products. */
export type DemoAccounts = {
  merchant: Client;
  supplier: Client;
  keys: { merchant: string; supplier: string };
  accountIds: { merchant: string; supplier: string };
  supplierId: string;
  portalId: string;
  channelId: string;
  webhookSecret: string;
};
type Demo = { api: string; operatorKey: string; dataDir: string; shop: DemoShop };

export const merchantName = 'Harbour Goods';
export const supplierName = 'Summit Supply';

/** The products that the supplier ships. The merchant ships the others. */
export const suppliedProducts = [
  { sku: 'MUG-BLUE', name: 'Stoneware mug, blue', supplierSku: 'SUM-100' },
  { sku: 'TEE-BLACK-M', name: 'T-shirt, black, M', supplierSku: 'SUM-200' },
] as const;
export const ownProduct = { sku: 'POSTER-A2', name: 'Poster, A2' } as const;

/** Makes the accounts at the first demo in this folder and reuses them later. */
export async function openAccounts(demo: Demo): Promise<DemoAccounts> {
  const path = join(demo.dataDir, demo.shop.kind === 'vendure' ? 'demo.json' : `demo-${demo.shop.kind}.json`);
  const stored = await known(demo, readStored<Stored>(path));
  const accounts = stored ?? (await makeAccounts(demo));
  if (!stored) writePrivate(path, JSON.stringify(accounts));
  const merchant = createClient({ baseUrl: demo.api, key: accounts.merchant.key });
  const supplier = createClient({ baseUrl: demo.api, key: accounts.supplier.key });
  const isOurs = (entry: { connectionId: string | null }) => entry.connectionId === accounts.connectionId;
  const supplierId = await soon(async () => (await dataOf(merchant.GET('/v1/suppliers'))).data.find(isOurs)?.id);
  const portalId = await soon(async () => (await dataOf(supplier.GET('/v1/channels'))).data.find(isOurs)?.id);
  const id = accounts.channelId;
  const settings = { url: demo.shop.url };
  if (stored) await dataOf(merchant.PATCH('/v1/channels/{id}', { params: { path: { id } }, body: { settings } }));
  else await assignProducts(merchant, supplierId);
  await dataOf(
    merchant.PATCH('/v1/channels/{id}/schedules/{task}', {
      params: { path: { id, task: 'write_inventory' } },
      body: { interval: 'instant' },
    }),
  );
  return {
    merchant,
    supplier,
    keys: { merchant: accounts.merchant.key, supplier: accounts.supplier.key },
    accountIds: { merchant: accounts.merchant.id, supplier: accounts.supplier.id },
    supplierId,
    portalId,
    channelId: accounts.channelId,
    webhookSecret: accounts.webhookSecret,
  };
}

/** Stored accounts are ignored if this is another database than that they were made in. */
async function known({ api }: Demo, stored: Stored | undefined): Promise<Stored | undefined> {
  if (!stored) return undefined;
  try {
    await dataOf(createClient({ baseUrl: api, key: stored.merchant.key }).GET('/v1/me'));
    return stored;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return undefined;
    throw error;
  }
}

async function makeAccounts({ api, operatorKey, shop }: Demo): Promise<Stored> {
  const operator = createClient({ baseUrl: api, key: operatorKey });
  const [merchant, supplier] = await Promise.all([makeSide(operator, merchantName), makeSide(operator, supplierName)]);
  const parties = { merchantAccountId: merchant.id, supplierAccountId: supplier.id };
  const connection = await dataOf(operator.POST('/v1/connections', { body: parties }));
  const webhookSecret = `whsec_${Buffer.from(randomSecret()).toString('base64')}`;
  const body = await shop.asChannel(webhookSecret);
  const channel = await dataOf(createClient({ baseUrl: api, key: merchant.key }).POST('/v1/channels', { body }));
  return { merchant, supplier, connectionId: connection.id, channelId: channel.id, webhookSecret };
}

async function makeSide(operator: Client, name: string): Promise<Side> {
  const { id } = await dataOf(operator.POST('/v1/accounts', { body: { name } }));
  const body = { accountId: id, name: 'demo', scopes: ['admin' as const] };
  const { key } = await dataOf(operator.POST('/v1/keys', { body }));
  return { id, key: key! };
}

async function assignProducts(merchant: Client, supplierId: string): Promise<void> {
  const supplied = suppliedProducts.map(({ sku, name, supplierSku }) => ({
    sku,
    name,
    fulfillmentType: 'automatically_dropshipped' as const,
    suppliers: [{ supplierId, supplierSku, isDefault: true }],
  }));
  const items = [...supplied, { ...ownProduct, fulfillmentType: 'in_house' as const, suppliers: [] }];
  await dataOf(merchant.POST('/v1/products/batch', { body: { items } }));
}

/** Asks again until there is an answer. @throws Error after half a minute */
export async function soon<T>(ask: () => Promise<T | undefined | null | false>, what = 'the service'): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited half a minute for ${what}; the logs say more.`);
    await delay(50);
  }
}
