import { createHmac, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const format = /^vp_[0-9A-Za-z]{36}$/;

/** `vp_`, 30 random characters, and 6 check characters: a mistyped key is refused without a read of the database. */
export function newApiKey(): string {
  const secret = Array.from({ length: 30 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `vp_${secret}${checksum(secret)}`;
}

export const isWellFormedKey = (key: string): boolean =>
  format.test(key) && checksum(key.slice(3, 33)) === key.slice(33);

function checksum(secret: string): string {
  let value = crc32(secret);
  let text = '';
  for (let index = 0; index < 6; index += 1) {
    text = alphabet[value % 62]! + text;
    value = Math.floor(value / 62);
  }
  return text;
}

/** The database stores this hash, not the key. */
export const hashKey = (key: string, pepper: Buffer | string): Buffer =>
  createHmac('sha256', pepper).update(key).digest();

/** The first characters, by which people recognize a key. */
export const hintOf = (key: string): string => `${key.slice(0, 7)}…`;
