import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { restClient, RestError, type Rest } from '../rest.ts';
import { randomSecret, readStored, writePrivate } from '../stored.ts';

type Side = { id: string; key: string };
type Stored = { merchant: Side; supplier: Side; connectionId: string; channelId: string; webhookSecret: string };

/** The two connected accounts of the demo, the merchant's shop as a channel, and the assigned products. */
export type DemoAccounts = {
  merchant: Rest;
  supplier: Rest;
  supplierId: string;
  portalId: string;
  channelId: string;
  webhookSecret: string;
};
type Shop = { url: string; username: string; password: string };
type Demo = { api: string; operatorKey: string; dataDir: string; shop: Shop };

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
  const path = join(demo.dataDir, 'demo.json');
  const stored = await known(demo, readStored<Stored>(path));
  const accounts = stored ?? (await makeAccounts(demo));
  if (!stored) writePrivate(path, JSON.stringify(accounts));
  const merchant = restClient(demo.api, accounts.merchant.key);
  const supplier = restClient(demo.api, accounts.supplier.key);
  const supplierId = await soon(
    async () =>
      (await list(merchant, '/suppliers')).find((entry) => entry['connectionId'] === accounts.connectionId)?.id,
  );
  const portalId = await soon(
    async () =>
      (await list(supplier, '/channels')).find((entry) => entry['connectionId'] === accounts.connectionId)?.id,
  );
  const channel = `/channels/${accounts.channelId}`;
  if (stored) await merchant.patch(channel, { settings: { url: demo.shop.url } });
  else await assignProducts(merchant, supplierId);
  await merchant.patch(`${channel}/schedules/write_inventory`, { interval: 'instant' });
  return {
    merchant,
    supplier,
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
    await restClient(api, stored.merchant.key).get('/me');
    return stored;
  } catch (error) {
    if (error instanceof RestError && error.status === 401) return undefined;
    throw error;
  }
}

async function makeAccounts({ api, operatorKey, shop }: Demo): Promise<Stored> {
  const operator = restClient(api, operatorKey);
  const [merchant, supplier] = await Promise.all([makeSide(operator, merchantName), makeSide(operator, supplierName)]);
  const connection = await operator.post<{ id: string }>('/connections', {
    merchantAccountId: merchant.id,
    supplierAccountId: supplier.id,
  });
  const webhookSecret = `whsec_${Buffer.from(randomSecret()).toString('base64')}`;
  const channel = await restClient(api, merchant.key).post<{ id: string }>('/channels', {
    kind: 'vendure',
    name: 'Vendure shop',
    settings: { url: shop.url },
    credentials: { username: shop.username, password: shop.password, webhookSecret },
  });
  return { merchant, supplier, connectionId: connection.id, channelId: channel.id, webhookSecret };
}

async function makeSide(operator: Rest, name: string): Promise<Side> {
  const { id } = await operator.post<{ id: string }>('/accounts', { name });
  const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name: 'demo', scopes: ['admin'] });
  return { id, key };
}

async function assignProducts(merchant: Rest, supplierId: string): Promise<void> {
  const supplied = suppliedProducts.map(({ sku, name, supplierSku }) => ({
    sku,
    name,
    fulfillmentType: 'automatically_dropshipped',
    suppliers: [{ supplierId, supplierSku, isDefault: true }],
  }));
  await merchant.post('/products/batch', {
    items: [...supplied, { ...ownProduct, fulfillmentType: 'in_house', suppliers: [] }],
  });
}

type Listed = { id: string } & Record<string, unknown>;
const list = async (rest: Rest, path: string) => (await rest.get<{ data: Listed[] }>(path)).data;

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
