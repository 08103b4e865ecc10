import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { accountOfChannel, accountOfFormerChannel } from '../db/channels/channels.ts';
import { requireConnection, type Connection } from '../db/accounts/connections.ts';
import { accountOfDropship, requireDropship, type Dropship } from '../db/dropships/dropships.ts';
import { accountOfLabelAccount } from '../db/labels/accounts.ts';
import { accountOfOrder } from '../db/orders/orders.ts';
import { accountOfPrintJob } from '../db/paper/print-jobs.ts';
import type { Pool } from '../db/engine/pool.ts';
import { readInAccount, withSystem, type SystemDb } from '../db/engine/with-account.ts';

/**
 * Finds the account of a row. Activities get row ids only; the other account of a dropship comes from the live
 * connection, never from an argument (law 2).
 */
async function ownerOf(
  pool: Pool,
  find: (db: SystemDb) => Promise<string | undefined>,
  code: ErrorCode,
): Promise<string> {
  const accountId = await withSystem(pool, find);
  if (accountId === undefined) throw new DomainError(code, 'The row of this workflow does not exist.');
  return accountId;
}

/** Looked up where no dropship of the order was. */
export const ownerOfOrder = async (pool: Pool, id: string): Promise<string> =>
  known.get(pool.database)?.merchants.get(id) ?? ownerOf(pool, (db) => accountOfOrder(db, id), 'order_not_found');
export const ownerOfChannel = (pool: Pool, id: string) =>
  ownerOf(pool, (db) => accountOfChannel(db, id), 'channel_not_found');

export const ownerOfPrintJob = (pool: Pool, id: string) =>
  ownerOf(pool, (db) => accountOfPrintJob(db, id), 'print_job_not_found');
export const ownerOfLabelAccount = (pool: Pool, id: string) =>
  ownerOf(pool, (db) => accountOfLabelAccount(db, id), 'label_account_not_found');

/** `undefined` for a deleted channel. */
export const findOwnerOfChannel = (pool: Pool, id: string) => withSystem(pool, (db) => accountOfChannel(db, id));
/** Also of a deleted channel, so that a task which is running on it can end. */
export const ownerOfFormerChannel = (pool: Pool, id: string) =>
  ownerOf(pool, (db) => accountOfFormerChannel(db, id), 'channel_not_found');

/** @throws DomainError `connection_not_found` */
export const connectionById = (pool: Pool, id: string): Promise<Connection> =>
  withSystem(pool, (db) => requireConnection(db, id));

/**
 * What never changes of a dropship: its two accounts, the merchant's order, and the supplier's entry at the merchant.
 * `supplierId` is an account.
 */
type Ends = { orderId: string; merchantId: string; supplierId: string; supplierEntryId: string };

/** Each worker remembers so many, some 500 bytes each. */
const mostKnown = 20_000;
/** `merchants`: the accounts of the merchants' orders. Neither ever changes. */
type Known = { ends: Map<string, Ends>; merchants: Map<string, string> };
const known = new WeakMap<Pool['database'], Known>();

/** Looked up once. @throws DomainError as `partiesOf` */
export async function endsOf(pool: Pool, dropshipId: string): Promise<Ends> {
  return known.get(pool.database)?.ends.get(dropshipId) ?? remember(pool, await partiesOf(pool, dropshipId));
}

export function remember(pool: Pool, { dropship, merchantId, supplierId }: Omit<Parties, 'connection'>): Ends {
  const { id, orderId, supplierId: supplierEntryId } = dropship;
  const ends = { orderId, merchantId, supplierId, supplierEntryId };
  const before = known.get(pool.database);
  const all: Known = before && before.ends.size < mostKnown ? before : { ends: new Map(), merchants: new Map() };
  known.set(pool.database, all);
  all.ends.set(id, ends);
  all.merchants.set(orderId, merchantId);
  return ends;
}

export type Parties = { dropship: Dropship; connection: Connection; merchantId: string; supplierId: string };

/** The two accounts of a dropship. @throws DomainError `dropship_not_found`, `connection_not_found` */
export async function partiesOf(pool: Pool, dropshipId: string): Promise<Parties> {
  const merchantId = await ownerOf(pool, (db) => accountOfDropship(db, dropshipId), 'dropship_not_found');
  return readInAccount(pool, merchantId, async (db) => {
    const dropship = await requireDropship(db, dropshipId);
    const connection = await requireConnection(db, dropship.connectionId);
    return { dropship, connection, merchantId, supplierId: connection.supplierAccountId };
  });
}
