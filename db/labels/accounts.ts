import type { ChannelHealthStatus } from '../../domain/channel.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { LabelProviderKind } from '../../domain/labels/account.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { Place, Sealer } from '../engine/sealing.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** The credentials of an account at a provider of labels, without the credentials themselves. */
export type LabelAccount = {
  id: string;
  accountId: string;
  provider: LabelProviderKind;
  name: string;
  /** Codes of the carriers that may be bought. Empty: all. */
  carriers: string[];
  /** Grows with each change of credentials; steps that parked under an older version resume. */
  credentialsVersion: number;
  health: { status: ChannelHealthStatus; code: ErrorCode | null; since: string };
  createdAt: string;
};

type Row = {
  id: string;
  account_id: string;
  provider: LabelProviderKind;
  name: string;
  carriers: string[];
  credentials_version: number;
  health_status: ChannelHealthStatus;
  health_code: ErrorCode | null;
  health_since: Date | null;
  created_at: Date;
};
const columns = [
  'id', 'account_id', 'provider', 'name', 'carriers', 'credentials_version', 'health_status', 'health_code',
  'health_since', 'created_at',
] as const; // prettier-ignore

const toLabelAccount = (row: Row): LabelAccount => ({
  id: row.id,
  accountId: row.account_id,
  provider: row.provider,
  name: row.name,
  carriers: row.carriers,
  credentialsVersion: row.credentials_version,
  health: {
    status: row.health_status,
    code: row.health_code,
    since: (row.health_since ?? row.created_at).toISOString(),
  },
  createdAt: row.created_at.toISOString(),
});

const living = (db: AccountDb) => db('label_accounts').whereNull('deleted_at');

const notFound = (id: string) => new DomainError('label_account_not_found', `There is no label account ${id}.`);

/** Does not find a deleted label account. @throws DomainError `label_account_not_found` */
export async function requireLabelAccount(db: AccountDb, id: string): Promise<LabelAccount> {
  const row = await living(db)
    .where({ id })
    .first<Row | undefined>(...columns);
  if (!row) throw notFound(id);
  return toLabelAccount(row);
}

export async function listLabelAccounts(db: AccountDb, request: PageRequest): Promise<Page<LabelAccount>> {
  const order = { column: 'created_at', idColumn: 'id' };
  return readPage<Row, LabelAccount>(living(db).select(columns), { ...request, ...order }, toLabelAccount);
}

/**
 * The label account to buy with where none is named: the only one.
 * @throws DomainError `label_account_missing` where there is none, or several
 */
export async function onlyLabelAccount(db: AccountDb): Promise<string> {
  const rows = await living(db).limit(2).select<{ id: string }[]>('id');
  if (rows.length === 1) return rows[0]!.id;
  const detail = rows.length === 0 ? 'There is no label account.' : 'There are several label accounts: name one.';
  throw new DomainError('label_account_missing', detail);
}

type NewLabelAccount = { provider: LabelProviderKind; name: string; carriers: readonly string[]; credentials: object };

export async function insertLabelAccount(
  db: AccountDb,
  sealer: Sealer,
  { provider, name, carriers, credentials }: NewLabelAccount,
): Promise<LabelAccount> {
  const id = newId('labelAccount');
  await db('label_accounts').insert({
    account_id: db.accountId,
    id,
    provider,
    name,
    carriers: [...new Set(carriers)],
    credentials: sealer.seal(credentials, placeOf(db, id)),
  });
  return requireLabelAccount(db, id);
}

/**
 * New credentials raise the version, and the label account counts as healthy until a call fails.
 * @throws DomainError `label_account_not_found`
 */
export async function changeLabelAccount(
  db: AccountDb,
  sealer: Sealer,
  {
    id,
    ...change
  }: { id: string } & { [Field in 'name' | 'carriers' | 'credentials']?: NewLabelAccount[Field] | undefined },
): Promise<LabelAccount> {
  const { name, carriers, credentials } = change;
  const row = {
    ...(name !== undefined && { name }),
    ...(carriers && { carriers: [...new Set(carriers)] }),
    ...(credentials && {
      credentials: sealer.seal(credentials, placeOf(db, id)),
      credentials_version: db.raw('credentials_version + 1'),
      health_since: db.raw(`case when health_status = 'ok' then health_since else now() end`),
      health_status: 'ok',
      health_code: null,
    }),
  };
  if (Object.keys(row).length > 0) await living(db).where({ id }).update(row);
  return requireLabelAccount(db, id);
}

/**
 * Marks the row as deleted, since labels point to it, and forgets its credentials.
 * @throws DomainError `label_account_not_found`, `label_account_in_use` while it is lent
 */
export async function deleteLabelAccount(db: AccountDb, id: string): Promise<void> {
  // With this lock it cannot be lent at the same moment (`changeSupplier`).
  await lockLabelAccount(db, id);
  const lent = await db('suppliers').where({ lent_label_account_id: id }).first<{ id: string } | undefined>('id');
  if (lent) throw new DomainError('label_account_in_use', `The label account is lent to supplier ${lent.id}.`);
  if (await isAtWork(db, id))
    throw new DomainError('label_account_in_use', 'A label is being bought or voided with it.');
  await db('label_accounts').where({ id }).update({ deleted_at: db.fn.now(), credentials: null });
  // Nobody can ask for them any more.
  await db('labels').where({ label_account_id: id }).whereNotNull('refund_look_at').update({ refund_look_at: null });
}

/** A label that was paid with it and is not recorded yet, or whose money is asked for, needs it. A return label stays bought. */
async function isAtWork(db: AccountDb, id: string): Promise<boolean> {
  const row = await db('labels')
    .where({ label_account_id: id })
    .whereRaw(`(status in ('requested', 'void_requested') or (status = 'bought' and not is_return))`)
    .first<{ id: string } | undefined>('id');
  return row !== undefined;
}

/** @throws DomainError `label_account_not_found` */
export async function lockLabelAccount(db: AccountDb, id: string): Promise<void> {
  const row = await living(db).where({ id }).forUpdate().first<{ id: string } | undefined>('id');
  if (!row) throw notFound(id);
}

const placeOf = (db: AccountDb, id: string): Place => ({
  accountId: db.accountId,
  table: 'label_accounts',
  id,
  column: 'credentials',
});

/** What a label account is opened with. `credentials` throws when they were sealed for another place or key. */
type LabelAccountToOpen = { record: LabelAccount; credentials: () => unknown };

/** Does not find a deleted label account. @throws DomainError `label_account_not_found` */
export async function requireToOpen(db: AccountDb, sealer: Sealer, id: string): Promise<LabelAccountToOpen> {
  const row = await living(db)
    .where({ id })
    .first<(Row & { credentials: Buffer }) | undefined>(...columns, 'credentials');
  if (!row) throw notFound(id);
  return { record: toLabelAccount(row), credentials: () => sealer.open(row.credentials, placeOf(db, id)) };
}

/** `since` changes only with the health, so that it says how long the health has lasted. */
export async function recordLabelHealth(
  db: AccountDb,
  id: string,
  { status, code }: { status: ChannelHealthStatus; code: ErrorCode | null },
): Promise<void> {
  await db('label_accounts')
    .where({ id })
    .whereRaw('(health_status, health_code) is distinct from (?, ?)', [status, code])
    .update({ health_status: status, health_code: code, health_since: db.fn.now() });
}

/** The account of a label account; undefined for a deleted one. */
export async function accountOfLabelAccount(db: SystemDb, id: string): Promise<string | undefined> {
  const row = await db('label_accounts')
    .where({ id })
    .whereNull('deleted_at')
    .first<{ account_id: string } | undefined>('account_id');
  return row?.account_id;
}
