import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import { createSafeFetch } from '../../../activities/channels/safe-fetch.ts';
import type { Deps } from '../../../activities/deps.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { changeSupplier } from '../../../db/accounts/suppliers.ts';
import { insertLabelAccount } from '../../../db/labels/accounts.ts';
import { changeWarehouse, listAllWarehouses } from '../../../db/stock/warehouses.ts';
import type { LabelProviderKind } from '../../../domain/labels/account.ts';
import type { LabelTerms } from '../../../domain/labels/payer.ts';
import type { Address } from '../../../domain/orders/order.ts';
import { queuesFor } from '../../../workflows/names.ts';

/** Builders for labels by db functions alone, for tests below the API. */

const sealer = createSealer(randomBytes(32).toString('base64'));

/** The dependencies of activities about labels. `change`: what a test replaces. */
export const labelDeps = (pool: Pool, change: Partial<Deps> = {}): Deps =>
  ({
    pool,
    sealer,
    gate: createGate({ slots: 40 }),
    fetch: createSafeFetch({ allowedPrivateHosts: [] }),
    labelUrls: { easypost: 'http://127.0.0.1:9', shippo: 'http://127.0.0.1:9' },
    documents: inPostgres,
    queues: queuesFor('-none'),
    now: () => new Date(),
    log: pino({ level: 'silent' }),
    crashPoint: () => undefined,
    ...change,
  }) as unknown as Deps;

/** @returns its id */
export async function aLabelAccount(
  pool: Pool,
  accountId: string,
  {
    provider = 'test',
    carriers = [],
    apiKey = 'a-canary-key',
  }: { provider?: LabelProviderKind; carriers?: string[]; apiKey?: string } = {},
): Promise<string> {
  const credentials = provider === 'test' ? {} : { apiKey };
  const { id } = await withAccount(pool, accountId, (db) =>
    insertLabelAccount(db, sealer, { provider, name: 'Labels', carriers, credentials }),
  );
  return id;
}

/** A merchant's label account, lent to the supplier of the entry. @returns its id */
export async function aLentAccount(
  pool: Pool,
  { accountId, supplierId }: { accountId: string; supplierId: string },
  terms: Partial<LabelTerms> & { apiKey?: string; provider?: LabelProviderKind } = {},
): Promise<string> {
  const { apiKey, provider, ...set } = terms;
  const of = { ...(apiKey !== undefined && { apiKey }), ...(provider && { provider }) };
  const lentLabelAccountId = await aLabelAccount(pool, accountId, of);
  const labels = { policy: 'merchant_pays', lentLabelAccountId, ...set } as const;
  await withAccount(pool, accountId, (db) => changeSupplier(db, supplierId, { labels }));
  return lentLabelAccountId;
}

export const dock: Address = {
  name: 'Summit Supply',
  address1: '5 Dock Road',
  city: 'Portland',
  province: 'OR',
  postalCode: '97201',
  country: 'US',
};

/** Gives the account's first warehouse an address. @returns its id */
export async function aDock(pool: Pool, accountId: string, address: Address = dock): Promise<string> {
  return withAccount(pool, accountId, async (db) => {
    const { id } = (await listAllWarehouses(db)).find(({ isOwn }) => isOwn)!;
    await changeWarehouse(db, id, { address });
    return id;
  });
}

/** A mug's box. */
export const box = { weightGrams: 900, lengthMm: 250, widthMm: 200, heightMm: 120 };
