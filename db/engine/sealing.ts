import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The place of a sealed value. It opens at this place alone: a moved ciphertext is refused. */
export type Place = { accountId: string; table: string; id: string; column: string };

export type Sealer = {
  /** Seals any JSON value. */
  seal(value: unknown, place: Place): Buffer;
  /** @throws Error when the value was sealed for another place, with another key, or was changed */
  open(sealed: Buffer, place: Place): unknown;
};

// Layout: key id (4) | nonce (12) | tag (16) | ciphertext. The key id says which key opens it.
const kidLength = 4;
const nonceLength = 12;
const tagLength = 16;
const headLength = kidLength + nonceLength + tagLength;

const derive = (key: Buffer, salt: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `vendor-portals/${use}`, 32));

const associated = ({ accountId, table, id, column }: Place): Buffer =>
  Buffer.from(JSON.stringify([accountId, table, id, column]));

/**
 * AES-256-GCM with one data key per account, derived (HKDF, RFC 5869) from the installation's key.
 * @param keyBase64 32 random bytes, the ENCRYPTION_KEY
 */
export function createSealer(keyBase64: string): Sealer {
  const master = Buffer.from(keyBase64, 'base64');
  const kid = derive(master, '', 'kid').subarray(0, kidLength);
  const dataKey = (accountId: string) => derive(master, accountId, 'data-key');
  return {
    seal(value, place) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', dataKey(place.accountId), nonce).setAAD(associated(place));
      const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([kid, nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, place) {
      if (sealed.length < headLength || !sealed.subarray(0, kidLength).equals(kid)) {
        throw new Error(`${place.table}.${place.column} of ${place.id} was sealed with another ENCRYPTION_KEY.`);
      }
      const nonce = sealed.subarray(kidLength, kidLength + nonceLength);
      const tag = sealed.subarray(kidLength + nonceLength, headLength);
      const decipher = createDecipheriv('aes-256-gcm', dataKey(place.accountId), nonce, { authTagLength: tagLength });
      decipher.setAAD(associated(place)).setAuthTag(tag);
      const body = Buffer.concat([decipher.update(sealed.subarray(headLength)), decipher.final()]);
      return JSON.parse(body.toString('utf8')) as unknown;
    },
  };
}

/** The secret under which API keys are hashed, so that a copy of the table alone checks no guess. */
export const derivePepper = (keyBase64: string): Buffer =>
  derive(Buffer.from(keyBase64, 'base64'), '', 'api-key-pepper');
