import { listSupplierAccounts } from '../../db/accounts/connections.ts';
import { storeBytes } from '../../db/documents/documents.ts';
import { readBytes, requireDocument, type DocumentRecord } from '../../db/documents/reading.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { confirmBrandCopied, findBrand, type BrandRecord } from '../../db/paper/brands.ts';
import { copyBrandInto, type CopiedLogo } from '../../db/paper/logos.ts';
import { DomainError } from '../../domain/errors.ts';
import type { LogoFacts } from '../../domain/paper/logo.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';

/** Suppliers of a call. */
const suppliersAtOnce = 20;

export function createBrandActivities(deps: Deps) {
  const { pool } = deps;

  return {
    /**
     * Copies the brand of an account to a page of its suppliers. Idempotent: an older revision replaces nothing.
     * @returns the revision that it copied, or 0 where there is none; `last`: the last supplier, null when all have it
     */
    async copyBrand({ accountId, after }: { accountId: string; after: string }): Promise<CopiedPage> {
      const page = { after, limit: suppliersAtOnce };
      const { brand, suppliers } = await readInAccount(pool, accountId, async (db) => ({
        brand: await findBrand(db, accountId),
        suppliers: await listSupplierAccounts(db, page),
      }));
      if (!brand) return { revision: 0, last: null };
      await eachOf(suppliers, (supplierId) => copyBrandTo(deps, brand, supplierId));
      return { revision: brand.revision, last: suppliers.length < page.limit ? null : suppliers.at(-1)! };
    },

    /** Notes that all suppliers have this revision. @returns whether there is a newer one */
    confirmBrandCopied: ({
      accountId,
      revision,
    }: {
      accountId: string;
      revision: number;
    }): Promise<{ more: boolean }> => withAccount(pool, accountId, (db) => confirmBrandCopied(db, revision)),
  };
}

type CopiedPage = { revision: number; last: string | null };

/** Copies the merchant's brand to one supplier: reads as the merchant, writes as the supplier (law 2). Idempotent. */
export async function copyOwnBrand(deps: Deps, merchantId: string, supplierId: string): Promise<void> {
  const brand = await readInAccount(deps.pool, merchantId, (db) => findBrand(db, merchantId));
  if (brand) await copyBrandTo(deps, brand, supplierId);
}

async function copyBrandTo(deps: Deps, brand: BrandRecord, supplierId: string): Promise<void> {
  const { pool, documents: store, crashPoint } = deps;
  const merchantId = brand.merchantAccountId;
  const there = await readInAccount(pool, supplierId, async (db) => {
    const copy = await findBrand(db, merchantId);
    return { revision: copy?.revision ?? 0, logo: await findLogo(db, copy?.logoId ?? null) };
  });
  if (there.revision >= brand.revision) return;
  const copied = await copiedLogo(deps, { brand, supplierId, there: there.logo });
  crashPoint('brand.logo-copied');
  await withAccount(pool, supplierId, (db) => copyBrandInto(db, store, { brand, ...copied }));
}

/** The bytes are read and stored again only where the supplier has others (rules: not for each order, not for each change). */
async function copiedLogo(
  { pool, documents: store }: Deps,
  { brand, supplierId, there }: { brand: BrandRecord; supplierId: string; there: DocumentRecord | null },
): Promise<CopiedLogo> {
  const accountId = brand.merchantAccountId;
  const logo = await readInAccount(pool, accountId, (db) => findLogo(db, brand.logoId));
  if (!logo) return { keep: null };
  if (there?.sha256.equals(logo.sha256)) return { keep: there.id };
  const own = await readBytes({ pool, store, accountId }, logo);
  const bytes = await storeBytes(store, supplierId, { kind: 'logo', bytes: own });
  return { logo: { bytes, mediaType: logo.mediaType as LogoFacts['mediaType'] } };
}

/** Null also for a logo that was replaced meanwhile: the change that replaced it is copied next. */
async function findLogo(db: AccountDb, logoId: string | null): Promise<DocumentRecord | null> {
  if (logoId === null) return null;
  try {
    return await requireDocument(db, logoId);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'document_not_found') return null;
    throw error;
  }
}
