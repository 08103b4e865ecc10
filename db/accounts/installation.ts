import type { Pool } from '../engine/pool.ts';
import { keyIdOfSealed, type Sealer } from '../engine/sealing.ts';
import { withAccount, type AccountDb } from '../engine/with-account.ts';
import { countSealed } from './sealed-rows.ts';

/** The pseudo account of what belongs to the whole installation. It has no row in `accounts`. */
const installationAccount = 'installation';

/** A fault that a person mends by giving the right key. */
export class WrongEncryptionKey extends Error {}

/**
 * Proves at the start that the encryption keys are those of this database: the sealed pepper opens, and each sealed value has a
 * key. The first start of a database stores the pepper. It stays the same when the encryption key is rotated, so that the
 * hashes of API keys stay valid.
 * @param first the pepper of a new database
 * @returns the secret under which API keys are hashed
 * @throws WrongEncryptionKey
 */
export async function openInstallation(pool: Pool, sealer: Sealer, first: Buffer): Promise<Buffer> {
  const pepper = await withAccount(pool, installationAccount, async (db) => {
    const stored = await readPepper(db);
    if (stored) return openPepper(sealer, stored);
    const value = sealer.seal(first.toString('base64'), placeOfPepper);
    // Another process may store its own at the same moment: the stored one counts.
    await db('installation_secrets')
      .insert({ account_id: db.accountId, name: placeOfPepper.id, sealed: value })
      .onConflict(['account_id', 'name'])
      .ignore();
    return openPepper(sealer, (await readPepper(db))!);
  });
  await requireKeys(pool, sealer);
  return pepper;
}

const placeOfPepper = {
  accountId: installationAccount,
  table: 'installation_secrets',
  id: 'api-key-pepper',
  column: 'sealed',
};

async function readPepper(db: AccountDb): Promise<Buffer | undefined> {
  return (await db('installation_secrets').where({ name: placeOfPepper.id }).first('sealed'))?.sealed;
}

function openPepper(sealer: Sealer, stored: Buffer): Buffer {
  const keyId = keyIdOfSealed(stored);
  if (!sealer.keyIds.includes(keyId)) throw wrongKey(sealer, keyId, 'this database');
  return Buffer.from(sealer.open(stored, placeOfPepper) as string, 'base64');
}

async function requireKeys(pool: Pool, sealer: Sealer): Promise<void> {
  for (const [keyId, count] of await countSealed(pool))
    if (!sealer.keyIds.includes(keyId)) throw wrongKey(sealer, keyId, `${count} stored credentials`);
}

const wrongKey = ({ keyIds }: Sealer, keyId: string, what: string) =>
  new WrongEncryptionKey(
    `The ENCRYPTION_KEY does not open ${what}: sealed with the key ${keyId}, given ${keyIds.join(', ')}. ` +
      'Give that key back, as ENCRYPTION_KEY or among OTHER_ENCRYPTION_KEYS. See docs/operations.md, "The encryption key".',
  );
