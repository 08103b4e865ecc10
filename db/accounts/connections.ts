import { assertConnectionMayBecome, type ConnectionStatus, type Parties } from '../../domain/connection.ts';
import { DomainError } from '../../domain/errors.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { refusing } from '../engine/refusal.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** The link of two accounts, merchant and supplier; both read it. `proposedBy`: an account's id, or `operator`. */
export type Connection = {
  id: string;
  merchantAccountId: string;
  supplierAccountId: string;
  status: ConnectionStatus;
  proposedBy: string;
  createdAt: string;
  activatedAt: string | null;
  /** Since when the merchant has its supplier entry, and the supplier its portal. */
  setUpAt: string | null;
};

type Row = {
  id: string;
  merchant_account_id: string;
  supplier_account_id: string;
  status: ConnectionStatus;
  proposed_by: string;
  created_at: Date;
  activated_at: Date | null;
  set_up_at: Date | null;
};
const columns = [
  'id',
  'merchant_account_id',
  'supplier_account_id',
  'status',
  'proposed_by',
  'created_at',
  'activated_at',
  'set_up_at',
] as const;

const toConnection = (row: Row): Connection => ({
  id: row.id,
  merchantAccountId: row.merchant_account_id,
  supplierAccountId: row.supplier_account_id,
  status: row.status,
  proposedBy: row.proposed_by,
  createdAt: row.created_at.toISOString(),
  activatedAt: row.activated_at?.toISOString() ?? null,
  setUpAt: row.set_up_at?.toISOString() ?? null,
});

/** @throws DomainError `connection_not_found` */
export async function requireConnection(db: AccountDb | SystemDb, id: string): Promise<Connection> {
  const row = await db<Row>('connections')
    .where({ id })
    .first(...columns);
  if (!row) throw new DomainError('connection_not_found', `There is no connection ${id}.`);
  return toConnection(row);
}

/** The connection of a portal, also of a deleted portal. @throws DomainError `connection_not_found` */
export async function findConnectionOfChannel(db: AccountDb, channelId: string): Promise<Connection> {
  const row = await db('channels')
    .where({ id: channelId })
    .first<{ connection_id: string } | undefined>('connection_id');
  return requireConnection(db, row?.connection_id ?? channelId);
}

/** The account's own, or, for the operator, all. */
export async function listConnections(db: AccountDb | SystemDb, request: PageRequest): Promise<Page<Connection>> {
  const order = { column: 'created_at', idColumn: 'id' };
  return readPage<Row, Connection>(db('connections').select(columns), { ...request, ...order }, toConnection);
}

/** @throws DomainError `invalid_request` naming each side that is no account */
export async function assertPartiesExist(db: SystemDb, parties: Parties): Promise<void> {
  const ids = [parties.merchantAccountId, parties.supplierAccountId];
  const rows = await db('accounts').whereIn('account_id', ids).select<{ account_id: string }[]>('account_id');
  const known = new Set(rows.map((row) => row.account_id));
  const faults = Object.entries(parties)
    .filter(([, id]) => !known.has(id))
    .map(([side, id]) => ({ pointer: `/${side}`, detail: `${id} is not an account` }));
  if (faults.length > 0) throw new DomainError('invalid_request', 'Both sides must be accounts.', faults);
}

/** @throws DomainError `connection_exists` while the two have one that is neither declined nor ended */
export async function insertConnection(
  db: AccountDb,
  connection: Parties & { proposedBy: string; status: ConnectionStatus },
): Promise<Connection> {
  const row = {
    id: newId('connection'),
    merchant_account_id: connection.merchantAccountId,
    supplier_account_id: connection.supplierAccountId,
    status: connection.status,
    proposed_by: connection.proposedBy,
    activated_at: connection.status === 'active' ? db.fn.now() : null,
  };
  await refusing(
    db('connections').insert(row),
    'connections_living',
    () => new DomainError('connection_exists', 'These two accounts have a connection already.'),
  );
  return requireConnection(db, row.id);
}

/**
 * Gives a connection another status; the status that it has changes nothing.
 * @throws DomainError `connection_not_found`, `connection_transition_refused`, and what `check` throws
 */
export async function changeConnection(
  db: AccountDb,
  { id, status }: { id: string; status: ConnectionStatus },
  check: (current: Connection) => void = () => undefined,
): Promise<Connection> {
  await db('connections').where({ id }).forUpdate().first('id');
  const current = await requireConnection(db, id);
  check(current);
  if (current.status === status) return current;
  assertConnectionMayBecome(status, current.status);
  const activated = status === 'active' ? { activated_at: db.raw('coalesce(activated_at, now())') } : {};
  await db('connections')
    .where({ id })
    .update({ status, ...activated });
  return requireConnection(db, id);
}

/**
 * The suppliers of the account, by their account's id, whose connections are active or paused.
 * @param after the last id of the page before
 */
export async function listSupplierAccounts(
  db: AccountDb,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await db('connections')
    .where({ merchant_account_id: db.accountId })
    .whereIn('status', ['active', 'paused'])
    .where('supplier_account_id', '>', after)
    .orderBy('supplier_account_id')
    .limit(limit)
    .select<{ supplier_account_id: string }[]>('supplier_account_id');
  return rows.map((row) => row.supplier_account_id);
}

/** Notes that both sides are set up: the sweep need not look at it again. */
export async function markConnectionSetUp(db: AccountDb, id: string): Promise<void> {
  await db('connections').where({ id }).whereNull('set_up_at').update({ set_up_at: db.fn.now() });
}

/** Active connections that are not set up `seconds` after their activation. */
export async function listConnectionsToSetUp(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<string[]> {
  const rows = await db('connections')
    .whereNull('set_up_at')
    .whereRaw(`activated_at < now() - make_interval(secs => ?)`, [filter.seconds])
    .orderBy('activated_at')
    .limit(filter.limit)
    .select<{ id: string }[]>('id');
  return rows.map((row) => row.id);
}

/** The merchant at the other end of a portal; undefined for a shop. */
export async function findMerchantOfPortal(db: AccountDb, channelId: string): Promise<string | undefined> {
  const row = await db('connections as n')
    .join('channels as c', 'c.connection_id', 'n.id')
    .where('c.id', channelId)
    .first<{ merchant_account_id: string } | undefined>('n.merchant_account_id');
  return row?.merchant_account_id;
}

/** Notes that the stock of an ended connection is withdrawn: the sweep need not look at it again. */
export async function markStockWithdrawn(db: AccountDb, id: string): Promise<void> {
  await db('connections').where({ id }).whereNull('stock_withdrawn_at').update({ stock_withdrawn_at: db.fn.now() });
}

/** Ended connections whose stock is not withdrawn from the merchant yet. */
export async function listConnectionsToWithdraw(db: SystemDb, limit: number): Promise<string[]> {
  const rows = await db('connections')
    .where({ status: 'ended' })
    .whereNull('stock_withdrawn_at')
    .orderBy('id')
    .limit(limit)
    .select<{ id: string }[]>('id');
  return rows.map((row) => row.id);
}
