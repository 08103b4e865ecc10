import type { PaperLanguage } from '../../domain/paper/language.ts';
import type { Brand } from '../../domain/paper/slip.ts';
import type { Address } from '../../domain/orders/order.ts';
import { requireOwnAccount } from '../accounts/accounts.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** `merchantAccountId`: whose brand it is; the account's own id for its own. `revision` rises with each change. */
export type BrandRecord = Brand & {
  merchantAccountId: string;
  revision: number;
  logoId: string | null;
  /** ISO; null for the brand that nobody has set. */
  updatedAt: string | null;
};

type Row = {
  merchant_account_id: string;
  revision: number;
  display_name: string;
  message: string | null;
  return_address: Address | null;
  logo_id: string | null;
  show_prices: boolean;
  show_supplier: boolean;
  language: PaperLanguage;
  updated_at: Date;
};
const columns = [
  'merchant_account_id',
  'revision',
  'display_name',
  'message',
  'return_address',
  'logo_id',
  'show_prices',
  'show_supplier',
  'language',
  'updated_at',
] as const;

const toBrand = (row: Row): BrandRecord => ({
  merchantAccountId: row.merchant_account_id,
  revision: row.revision,
  displayName: row.display_name,
  message: row.message,
  returnAddress: row.return_address,
  logoId: row.logo_id,
  showPrices: row.show_prices,
  showSupplier: row.show_supplier,
  language: row.language,
  updatedAt: row.updated_at.toISOString(),
});

/** The brand of a merchant who has set none. */
export const plainBrand = (merchantAccountId: string, displayName: string): BrandRecord => ({
  merchantAccountId,
  revision: 0,
  displayName,
  message: null,
  returnAddress: null,
  logoId: null,
  showPrices: false,
  showSupplier: false,
  language: 'en',
  updatedAt: null,
});

/** The brands of these merchants, as this account has them. */
export async function listBrands(db: AccountDb, merchantAccountIds: readonly string[]): Promise<BrandRecord[]> {
  const rows = await db('brands')
    .whereIn('merchant_account_id', [...new Set(merchantAccountIds)])
    .select<Row[]>(...columns);
  return rows.map(toBrand);
}

export async function findBrand(db: AccountDb, merchantAccountId: string): Promise<BrandRecord | undefined> {
  const [brand] = await listBrands(db, [merchantAccountId]);
  return brand;
}

/** The account's own; where it has set none, one with the account's name. */
export async function readOwnBrand(db: AccountDb): Promise<BrandRecord> {
  return (await findBrand(db, db.accountId)) ?? plainBrand(db.accountId, (await requireOwnAccount(db)).name);
}

const settingsOf = (brand: Brand) => ({
  display_name: brand.displayName,
  message: brand.message,
  return_address: brand.returnAddress && JSON.stringify(brand.returnAddress),
  show_prices: brand.showPrices,
  show_supplier: brand.showSupplier,
  language: brand.language,
});

/** Sets the account's own brand, all but its logo. The same settings again change nothing. */
export async function setBrand(db: AccountDb, brand: Brand): Promise<BrandRecord> {
  const settings = settingsOf(brand);
  const names = Object.keys(settings);
  const listed = (from: string) => names.map((name) => `${from}.${name}`).join(', ');
  await db('brands')
    .insert({ account_id: db.accountId, merchant_account_id: db.accountId, revision: 1, ...settings })
    .onConflict(['account_id', 'merchant_account_id'])
    .merge({
      ...Object.fromEntries(names.map((name) => [name, db.raw(`excluded.${name}`)])),
      ...changed(db),
    })
    .whereRaw(`(${listed('brands')}) is distinct from (${listed('excluded')})`);
  return readOwnBrand(db);
}

const changed = (db: AccountDb) => ({ revision: db.raw('brands.revision + 1'), updated_at: db.fn.now() });

/** Gives the own brand another logo, or none. @returns the brand, and the document of the logo that it replaced */
export async function setLogo(
  db: AccountDb,
  logoId: string | null,
): Promise<{ brand: BrandRecord; replaced: string | null }> {
  const before = await lockOwnBrand(db);
  if (before.logoId === logoId) return { brand: before, replaced: null };
  await db('brands')
    .where({ merchant_account_id: db.accountId })
    .update({ logo_id: logoId, ...changed(db) });
  return { brand: await readOwnBrand(db), replaced: before.logoId };
}

/** Makes the row where there is none, so that of two changes at once one waits for the other. */
async function lockOwnBrand(db: AccountDb): Promise<BrandRecord> {
  const plain = await readOwnBrand(db);
  await db('brands')
    .insert({ account_id: db.accountId, merchant_account_id: db.accountId, revision: 1, ...settingsOf(plain) })
    .onConflict(['account_id', 'merchant_account_id'])
    .ignore();
  const [row] = await db('brands')
    .where({ merchant_account_id: db.accountId })
    .forUpdate()
    .select<Row[]>(...columns);
  return toBrand(row!);
}

/**
 * Stores a merchant's brand in the account of its supplier. An older revision replaces nothing.
 * @param brand with the logo's document of this account
 * @returns the document of the logo that it replaced
 */
export async function storeBrandCopy(db: AccountDb, brand: BrandRecord): Promise<{ replaced: string | null }> {
  const merchant = { merchant_account_id: brand.merchantAccountId };
  const [before] = await db('brands').where(merchant).forUpdate().select<{ logo_id: string | null }[]>('logo_id');
  const copy = {
    ...settingsOf(brand),
    revision: brand.revision,
    logo_id: brand.logoId,
    updated_at: brand.updatedAt ?? db.fn.now(),
  };
  const stored = await db('brands')
    .insert({ account_id: db.accountId, ...merchant, ...copy })
    .onConflict(['account_id', 'merchant_account_id'])
    .merge(copy)
    .whereRaw('brands.revision < excluded.revision')
    .returning<{ logo_id: string | null }[]>('logo_id');
  const old = before?.logo_id ?? null;
  return { replaced: stored.length > 0 && old !== brand.logoId ? old : null };
}

/** Notes that all suppliers have this revision of the own brand. @returns whether there is a newer one */
export async function confirmBrandCopied(db: AccountDb, revision: number): Promise<{ more: boolean }> {
  const [row] = await db('brands')
    .where({ merchant_account_id: db.accountId })
    .update({ copied_revision: db.raw('greatest(copied_revision, ?::int)', [revision]) })
    .returning<{ revision: number }[]>('revision');
  return { more: row !== undefined && row.revision > revision };
}

/** Accounts whose brand changed `seconds` ago and is not with all their suppliers yet. */
export async function listBrandsToCopy(db: SystemDb, filter: { seconds: number; limit: number }): Promise<string[]> {
  const rows = await db('brands')
    .whereRaw('account_id = merchant_account_id and copied_revision < revision')
    .whereRaw('updated_at < now() - make_interval(secs => ?)', [filter.seconds])
    .orderBy('updated_at')
    .limit(filter.limit)
    .select<{ account_id: string }[]>('account_id');
  return rows.map((row) => row.account_id);
}
