import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const prefixes = {
  account: 'acct_',
  key: 'key_',
  connection: 'conn_',
  channel: 'chan_',
  supplier: 'sup_',
  warehouse: 'wh_',
  product: 'prod_',
  listing: 'lst_',
  order: 'ord_',
  line: 'line_',
  dropship: 'drop_',
  shipment: 'shp_',
  task: 'task_',
  attention: 'att_',
  event: 'evt_',
  webhook: 'hook_',
} as const;
export type IdKind = keyof typeof prefixes;

/** 22 characters of base62: 131 bits. */
function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let index = 0; index < 22; index += 1) {
    text = alphabet[Number(value % 62n)]! + text;
    value /= 62n;
  }
  return text;
}

/** A random id; it tells nothing but its kind. */
export const newId = (kind: IdKind): string => prefixes[kind] + base62(randomBytes(18));

/** The same parts give the same id, so that a repeated request names the same thing (law 5). */
export const derivedId = (kind: IdKind, ...parts: readonly string[]): string =>
  prefixes[kind] + base62(createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 18));
