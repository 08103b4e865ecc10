import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The place of a sealed value. It opens at this place alone: a moved ciphertext is refused. */
export type Place = { accountId: string; table: string; id: string; column: string };

export type Sealer = {
  /** Of the key that seals: eight hex digits that do not show the key. */
  readonly keyId: string;
  /** Of all keys that open, the one that seals first. */
  readonly keyIds: readonly string[];
  /** Seals any JSON value. */
  seal(value: unknown, place: Place): Buffer;
  /** @throws Error when the value was sealed for another place, with an unknown key, or was changed */
  open(sealed: Buffer, place: Place): unknown;
};

// Layout: key id (4) | nonce (12) | tag (16) | ciphertext. The key id says which key opens it.
const keyIdLength = 4;
const nonceLength = 12;
const tagLength = 16;
const headLength = keyIdLength + nonceLength + tagLength;

const derive = (key: Buffer, salt: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `vendor-portals/${use}`, 32));

const associated = ({ accountId, table, id, column }: Place): Buffer =>
  Buffer.from(JSON.stringify([accountId, table, id, column]));

const idOf = (master: Buffer): string => derive(master, '', 'kid').subarray(0, keyIdLength).toString('hex');

/** The id of a key, as logs and commands show it. @param keyBase64 32 random bytes */
export const keyIdOf = (keyBase64: string): string => idOf(Buffer.from(keyBase64, 'base64'));

/** The id of the key that sealed a value. */
export const keyIdOfSealed = (sealed: Buffer): string => sealed.subarray(0, keyIdLength).toString('hex');

/**
 * AES-256-GCM with one data key per account, derived (HKDF, RFC 5869) from the installation's key.
 * @param keyBase64 32 random bytes, the ENCRYPTION_KEY: it seals
 * @param others keys that only open, while values are sealed with them
 */
export function createSealer(keyBase64: string, others: readonly string[] = []): Sealer {
  const masters = new Map([keyBase64, ...others].map((key) => [keyIdOf(key), Buffer.from(key, 'base64')]));
  const keyIds = [...masters.keys()];
  const keyId = keyIds[0]!;
  const dataKey = (id: string, accountId: string) => derive(masters.get(id)!, accountId, 'data-key');
  return {
    keyId,
    keyIds,
    seal(value, place) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', dataKey(keyId, place.accountId), nonce).setAAD(associated(place));
      const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from(keyId, 'hex'), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, place) {
      const id = keyIdOfSealed(sealed);
      if (sealed.length < headLength || !masters.has(id)) {
        throw new Error(`${place.table}.${place.column} of ${place.id} was sealed with another ENCRYPTION_KEY.`);
      }
      const nonce = sealed.subarray(keyIdLength, keyIdLength + nonceLength);
      const tag = sealed.subarray(keyIdLength + nonceLength, headLength);
      const key = dataKey(id, place.accountId);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
      decipher.setAAD(associated(place)).setAuthTag(tag);
      const body = Buffer.concat([decipher.update(sealed.subarray(headLength)), decipher.final()]);
      return JSON.parse(body.toString('utf8')) as unknown;
    },
  };
}

/** The secret under which API keys are hashed, so that a copy of the table alone checks no guess. */
export const derivePepper = (keyBase64: string): Buffer =>
  derive(Buffer.from(keyBase64, 'base64'), '', 'api-key-pepper');
