import type { LogoFacts } from '../../domain/paper/logo.ts';
import { deleteDocument } from '../documents/deleting.ts';
import { storeDocument, type StoredBytes } from '../documents/documents.ts';
import type { DocumentStore } from '../documents/store.ts';
import { derivedId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { setLogo, storeBrandCopy, type BrandRecord } from './brands.ts';

type NewLogo = { bytes: StoredBytes; mediaType: LogoFacts['mediaType'] };

/** The document of a merchant's logo in this account; the same bytes again are the same document. */
const storeLogo = (
  db: AccountDb,
  store: DocumentStore,
  { merchantAccountId, bytes, mediaType }: NewLogo & { merchantAccountId: string },
): Promise<string> => {
  const id = derivedId('document', 'logo', db.accountId, merchantAccountId, bytes.sha256.toString('hex'));
  return storeDocument(db, store, { id, bytes, mediaType });
};

/** Gives the own brand a logo. The one that it replaces is deleted. */
export async function replaceLogo(db: AccountDb, store: DocumentStore, logo: NewLogo): Promise<BrandRecord> {
  const id = await storeLogo(db, store, { ...logo, merchantAccountId: db.accountId });
  return withoutReplaced(db, await setLogo(db, id));
}

/** Takes the logo off the own brand and deletes it. Idempotent. */
export const removeLogo = async (db: AccountDb): Promise<BrandRecord> => withoutReplaced(db, await setLogo(db, null));

async function withoutReplaced(
  db: AccountDb,
  { brand, replaced }: Awaited<ReturnType<typeof setLogo>>,
): Promise<BrandRecord> {
  if (replaced !== null) await deleteDocument(db, replaced);
  return brand;
}

/** `logo`: its bytes in this account; `keep`: the copy has it already, as this document. */
export type CopiedLogo = { logo: NewLogo } | { keep: string | null };

/** Stores a merchant's brand in the account of its supplier, with its logo. An older revision replaces nothing. */
export async function copyBrandInto(
  db: AccountDb,
  store: DocumentStore,
  { brand, ...copied }: { brand: BrandRecord } & CopiedLogo,
): Promise<void> {
  const { merchantAccountId } = brand;
  const logoId = 'keep' in copied ? copied.keep : await storeLogo(db, store, { ...copied.logo, merchantAccountId });
  const { replaced } = await storeBrandCopy(db, { ...brand, logoId });
  if (replaced !== null) await deleteDocument(db, replaced);
}
