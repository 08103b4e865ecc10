import { describe, expect, it } from '@jest/globals';
import { createBrandActivities } from '../../../activities/paper/brand-copy.ts';
import { createSetUpActivities } from '../../../activities/set-up.ts';
import type { Deps } from '../../../activities/deps.ts';
import { inPostgres, type Bucket, type DocumentStore } from '../../../db/documents/store.ts';
import { storeBytes } from '../../../db/documents/documents.ts';
import { readDocument } from '../../../db/documents/reading.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { readInAccount, withAccount, withSystem } from '../../../db/engine/with-account.ts';
import { findBrand, listBrandsToCopy, setBrand } from '../../../db/paper/brands.ts';
import { copyBrandInto, removeLogo, replaceLogo } from '../../../db/paper/logos.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aPng } from '../../support/paper/pictures.ts';
import { aLink, aMerchant, anAccount, changeLink } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const returnAddress = { name: 'Returns', address1: '1 Main Street', city: 'Porto', postalCode: '4000', country: 'PT' };
const settings = { displayName: 'Harbour', message: 'Thanks', returnAddress, showPrices: true, showSupplier: true, language: 'de' as const }; // prettier-ignore

/** They fail at `crashAt`, as a killed worker would. */
function theActivities(crashAt?: string, documents: DocumentStore = inPostgres) {
  const crashPoint = (name: string) => {
    if (name === crashAt) throw new Error(`killed at ${name}`);
  };
  const deps = { pool, documents, crashPoint } as unknown as Deps;
  return { ...createBrandActivities(deps), setUp: createSetUpActivities(deps) };
}

/** All pages, as the workflow does. @returns the revision, and the number of calls */
async function copyAll(accountId: string, activities = theActivities()) {
  let calls = 0;
  let revision = 0;
  for (let after: string | null = ''; after !== null; calls += 1) {
    const page: { revision: number; last: string | null } = await activities.copyBrand({ accountId, after });
    revision = page.revision;
    after = page.last;
  }
  return { revision, calls };
}

const setOwn = (accountId: string, change: object = {}) =>
  withAccount(pool, accountId, (db) => setBrand(db, { ...settings, ...change }));
async function setLogoOf(accountId: string, picture: Buffer, store: DocumentStore = inPostgres): Promise<void> {
  const bytes = await storeBytes(store, accountId, { kind: 'logo', bytes: picture });
  await withAccount(pool, accountId, (db) => replaceLogo(db, store, { bytes, mediaType: 'image/png' }));
}

/** A bucket in memory, with all keys that were put into it. */
function aBucket(): { store: DocumentStore; puts: string[] } {
  const objects = new Map<string, Uint8Array>();
  const puts: string[] = [];
  const bucket: Bucket = {
    put: async (key, bytes) => void (puts.push(key), objects.set(key, bytes)),
    get: async (key) => (objects.has(key) ? chunksOf(objects.get(key)!) : null),
    look: async (key) => (objects.has(key) ? { key, size: objects.get(key)!.length, modifiedAt: new Date() } : null),
    delete: async (key) => void objects.delete(key),
    list: async () => ({ objects: [], more: false }),
  };
  return { store: { bucket }, puts };
}
async function* chunksOf(bytes: Uint8Array) {
  yield bytes;
}
const copyAt = (supplierId: string, merchantId: string) => readInAccount(pool, supplierId, (db) => findBrand(db, merchantId)); // prettier-ignore
const logosAt = (accountId: string) => readInAccount(pool, accountId, (db) => db('documents').where({ kind: 'logo' }).select('id')); // prettier-ignore
const toCopy = () => withSystem(pool, (db) => listBrandsToCopy(db, { seconds: 0, limit: 1_000 }));

describe('the copy of a brand', () => {
  it('is with each supplier whose connection is active or paused, and with nobody else', async () => {
    const { accountId } = await aMerchant(pool);
    const [active, paused, ended] = [await aLink(pool, accountId), await aLink(pool, accountId), await aLink(pool, accountId)]; // prettier-ignore
    const stranger = await anAccount(pool);
    await changeLink(pool, paused, 'paused');
    await changeLink(pool, ended, 'ended');
    await setOwn(accountId);

    await copyAll(accountId);

    const copy = {
      ...settings,
      merchantAccountId: accountId,
      revision: 1,
      logoId: null,
      updatedAt: expect.any(String),
    };
    expect(await copyAt(active.supplierAccountId, accountId)).toEqual(copy);
    expect(await copyAt(paused.supplierAccountId, accountId)).toEqual(copy);
    expect(await copyAt(ended.supplierAccountId, accountId)).toBeUndefined();
    expect(await copyAt(stranger, accountId)).toBeUndefined();
    expect(await copyAt(active.supplierAccountId, active.supplierAccountId)).toBeUndefined();
  });

  it('reaches more suppliers than one call copies to', async () => {
    const { accountId } = await aMerchant(pool);
    const links = [];
    for (let made = 0; made < 21; made += 1) links.push(await aLink(pool, accountId));
    await setOwn(accountId);

    const { calls } = await copyAll(accountId);

    expect(calls).toBe(2);
    for (const { supplierAccountId } of links)
      expect(await copyAt(supplierAccountId, accountId)).toMatchObject(settings);
  });

  it('has the logo as a document of the supplier, copied only when it changed', async () => {
    const { accountId } = await aMerchant(pool);
    const { supplierAccountId } = await aLink(pool, accountId);
    const { store, puts } = aBucket();
    const activities = theActivities(undefined, store);
    const copies = () => puts.filter((key) => key.startsWith(supplierAccountId)).length;
    await setLogoOf(accountId, aPng(3, 3), store);
    await copyAll(accountId, activities);
    const first = (await copyAt(supplierAccountId, accountId))!.logoId!;
    const [own] = await logosAt(accountId);
    expect(own!.id).not.toBe(first);
    const document = await readDocument({ pool, store, accountId: supplierAccountId }, first);
    expect(document.bytes.equals(aPng(3, 3))).toBe(true);

    await setOwn(accountId, { message: 'New words' });
    await copyAll(accountId, activities);
    expect(await copyAt(supplierAccountId, accountId)).toMatchObject({ message: 'New words', logoId: first });
    expect(copies()).toBe(1);

    await setLogoOf(accountId, aPng(4, 4), store);
    await copyAll(accountId, activities);
    const second = (await copyAt(supplierAccountId, accountId))!.logoId!;
    expect(second).not.toBe(first);
    expect(copies()).toBe(2);
    expect(await logosAt(supplierAccountId)).toEqual([{ id: second }]);

    await withAccount(pool, accountId, removeLogo);
    await copyAll(accountId, activities);
    expect(await copyAt(supplierAccountId, accountId)).toMatchObject({ logoId: null });
    expect(await logosAt(supplierAccountId)).toEqual([]);
  });

  it('is not replaced by an older one that comes late', async () => {
    const { accountId } = await aMerchant(pool);
    const { supplierAccountId } = await aLink(pool, accountId);
    await setOwn(accountId, { message: 'Old' });
    const late = await readInAccount(pool, accountId, (db) => findBrand(db, accountId));
    await setOwn(accountId, { message: 'New' });
    await copyAll(accountId);
    // A run that had read the brand before the change, and writes after it.
    await withAccount(pool, supplierAccountId, (db) => copyBrandInto(db, inPostgres, { brand: late!, keep: null }));

    expect(await copyAt(supplierAccountId, accountId)).toMatchObject({ message: 'New', revision: 2 });
  });

  it('is finished after a kill between the bytes and the row', async () => {
    const { accountId } = await aMerchant(pool);
    const { supplierAccountId } = await aLink(pool, accountId);
    await setLogoOf(accountId, aPng(5, 5));
    await expect(copyAll(accountId, theActivities('brand.logo-copied'))).rejects.toThrow('killed');
    expect(await copyAt(supplierAccountId, accountId)).toBeUndefined();

    await copyAll(accountId);
    await copyAll(accountId);

    const copy = await copyAt(supplierAccountId, accountId);
    expect(await logosAt(supplierAccountId)).toEqual([{ id: copy!.logoId }]);
  });

  it('is confirmed by its revision, so that a change meanwhile is copied too', async () => {
    const { accountId } = await aMerchant(pool);
    const { confirmBrandCopied } = theActivities();
    await setOwn(accountId);
    expect(await toCopy()).toContain(accountId);
    await setOwn(accountId, { message: 'Meanwhile' });

    expect(await confirmBrandCopied({ accountId, revision: 1 })).toEqual({ more: true });
    expect(await toCopy()).toContain(accountId);
    expect(await confirmBrandCopied({ accountId, revision: 2 })).toEqual({ more: false });
    expect(await confirmBrandCopied({ accountId, revision: 1 })).toEqual({ more: true });
    expect(await toCopy()).not.toContain(accountId);
    const nobody = await anAccount(pool);
    expect(await confirmBrandCopied({ accountId: nobody, revision: 0 })).toEqual({ more: false });
  });

  it('comes to a new supplier when the connection is set up', async () => {
    const { accountId } = await aMerchant(pool);
    await setOwn(accountId);
    await setLogoOf(accountId, aPng(6, 6));
    const { supplierAccountId, connectionId } = await aLink(pool, accountId);

    await theActivities().setUp.confirmConnectionSetUp({ connectionId });

    const copy = await copyAt(supplierAccountId, accountId);
    expect(copy).toMatchObject({ ...settings, logoId: expect.any(String) });
    // What the merchant knows of itself as a supplier does not come back.
    expect(await copyAt(accountId, supplierAccountId)).toBeUndefined();
  });
});
