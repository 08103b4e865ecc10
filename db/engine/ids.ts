import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const prefixes = {
  account: 'acct_',
  key: 'key_',
  user: 'usr_',
  session: 'ses_',
  invitation: 'inv_',
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
  labelAccount: 'lacc_',
  rating: 'rat_',
  quote: 'quo_',
  label: 'lbl_',
  document: 'doc_',
  printJob: 'pjob_',
  erasure: 'ers_',
  texts: 'txt_',
} as const;
type IdKind = keyof typeof prefixes;

function base62(value: bigint, digits: number): string {
  let text = '';
  for (let left = value; text.length < digits; left /= 62n) text = alphabet[Number(left % 62n)]! + text;
  return text;
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/**
 * Eight characters of the time, then fourteen random characters, 83 bits. Rows of the same time lie together in tables and
 * indexes, so that large ones stay fast. No code may rely on the order.
 */
export const newId = (kind: IdKind): string =>
  prefixes[kind] + base62(BigInt(Date.now()), 8) + base62(toNumber(randomBytes(11)), 14);

/** The same parts give the same id, so that a repeated request means the same row (law 5). */
export const derivedId = (kind: IdKind, ...parts: readonly string[]): string =>
  prefixes[kind] + base62(toNumber(createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 18)), 22);
