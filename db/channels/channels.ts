import type { ChannelHealthStatus, ChannelKind, ShopKind } from '../../domain/channel.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { lockLinks } from '../catalogue/lock-links.ts';
import { forgetSkuChanges } from '../catalogue/sku-changes.ts';
import { counterpartOf, type Counterpart } from './counterparts.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { Place, Sealer } from '../engine/sealing.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

type ChannelHealth = { status: ChannelHealthStatus; code: ErrorCode | null; since: string };
export type ChannelRecord = {
  id: string;
  accountId: string;
  kind: ChannelKind;
  name: string;
  settings: Record<string, unknown>;
  /** Set on portals. */
  connectionId: string | null;
  /** The merchant of a portal; null for a shop. */
  counterpart: Counterpart | null;
  /** Of a portal: whether its merchant gets the costs of labels. */
  sharesLabelCost: boolean;
  /** Grows with each change of credentials by a person; steps that parked under an older version resume. */
  credentialsVersion: number;
  health: ChannelHealth;
  createdAt: string;
};

type Row = {
  id: string;
  account_id: string;
  kind: ChannelKind;
  name: string;
  settings: Record<string, unknown>;
  connection_id: string | null;
  merchant_account_id: string | null;
  shares_label_cost: boolean;
  credentials_version: number;
  health_status: ChannelHealthStatus;
  health_code: ErrorCode | null;
  health_since: Date | null;
  created_at: Date;
};
const plain = [
  'id',
  'account_id',
  'kind',
  'name',
  'settings',
  'connection_id',
  'shares_label_cost',
  'credentials_version',
  'health_status',
  'health_code',
  'health_since',
  'created_at',
] as const;
const columnsOf = (db: AccountDb) => [
  ...plain,
  db.raw('(select merchant_account_id from connections n where n.id = connection_id) as merchant_account_id'),
];

const toChannel = (row: Row): ChannelRecord => ({
  id: row.id,
  accountId: row.account_id,
  kind: row.kind,
  name: row.name,
  settings: row.settings,
  connectionId: row.connection_id,
  counterpart: counterpartOf(row.merchant_account_id, row.name),
  sharesLabelCost: row.shares_label_cost,
  credentialsVersion: row.credentials_version,
  health: {
    status: row.health_status,
    code: row.health_code,
    since: (row.health_since ?? row.created_at).toISOString(),
  },
  createdAt: row.created_at.toISOString(),
});

/** Does not find a deleted channel. @throws DomainError `channel_not_found` */
export async function requireChannel(db: AccountDb, id: string): Promise<ChannelRecord> {
  const row = await db('channels')
    .where({ id })
    .whereNull('deleted_at')
    .first<Row | undefined>(...columnsOf(db));
  if (!row) throw notFound(id);
  return toChannel(row);
}

const notFound = (id: string) => new DomainError('channel_not_found', `There is no channel ${id}.`);

export async function listChannels(db: AccountDb, request: PageRequest): Promise<Page<ChannelRecord>> {
  const query = db('channels').whereNull('deleted_at').select(columnsOf(db));
  return readPage<Row, ChannelRecord>(query, { ...request, column: 'created_at', idColumn: 'id' }, toChannel);
}

/** The supplier's end of a connection. */
export async function findPortal(db: AccountDb, connectionId: string): Promise<ChannelRecord | undefined> {
  const row = await db('channels')
    .where({ connection_id: connectionId })
    .first<Row | undefined>(...columnsOf(db));
  return row && toChannel(row);
}

/** A connection is set up again after a crash: the second time finds the first portal. @returns its id */
export async function insertPortal(
  db: AccountDb,
  { connectionId, name }: { connectionId: string; name: string },
): Promise<string> {
  const row = { account_id: db.accountId, id: newId('channel'), kind: 'portal', name, connection_id: connectionId };
  await db('channels').insert(row).onConflict(['account_id', 'connection_id']).ignore();
  return (await findPortal(db, connectionId))!.id;
}

type NewChannel = { kind: ShopKind; name: string; settings: object; credentials: object | null };

export async function insertChannel(db: AccountDb, sealer: Sealer, channel: NewChannel): Promise<ChannelRecord> {
  const { kind, name, settings, credentials } = channel;
  const id = newId('channel');
  await db('channels').insert({
    account_id: db.accountId,
    id,
    kind,
    name,
    settings: JSON.stringify(settings),
    credentials: credentials && sealer.seal(credentials, placeOfCredentials(db, id)),
    credentials_version: credentials ? 1 : 0,
  });
  return requireChannel(db, id);
}

/** @throws DomainError `channel_not_found` */
export async function changeChannel(
  db: AccountDb,
  id: string,
  change: { name?: string | undefined; settings?: object | undefined; sharesLabelCost?: boolean | undefined },
): Promise<ChannelRecord> {
  const row = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.settings && { settings: JSON.stringify(change.settings) }),
    ...(change.sharesLabelCost !== undefined && { shares_label_cost: change.sharesLabelCost }),
  };
  if (Object.keys(row).length > 0) await db('channels').where({ id }).whereNull('deleted_at').update(row);
  return requireChannel(db, id);
}

export const placeOfCredentials = (db: AccountDb, id: string): Place => ({
  accountId: db.accountId,
  table: 'channels',
  id,
  column: 'credentials',
});

/** @returns null when the channel has none. @throws Error when they were sealed for another place or key */
export async function readCredentials(db: AccountDb, sealer: Sealer, id: string): Promise<unknown> {
  const row = await db<{ id: string; credentials: Buffer | null }>('channels').where({ id }).first('credentials');
  if (!row) throw notFound(id);
  return row.credentials && sealer.open(row.credentials, placeOfCredentials(db, id));
}

/** What a channel is opened with. `credentials` throws as `readCredentials`. */
export type ReadChannel = { record: ChannelRecord; credentials: () => unknown };

/** Does not find a deleted channel, or, `ifDeleted`, only a deleted one. */
export async function findToOpen(
  ...[db, sealer, id, { ifDeleted = false } = {}]: [AccountDb, Sealer, string, { ifDeleted?: boolean }?]
): Promise<ReadChannel | undefined> {
  const row = await db('channels')
    .where({ id })
    [ifDeleted ? 'whereNotNull' : 'whereNull']('deleted_at')
    .first<(Row & { credentials: Buffer | null }) | undefined>(...columnsOf(db), 'credentials');
  if (!row) return undefined;
  const { credentials: sealed } = row;
  return { record: toChannel(row), credentials: () => sealed && sealer.open(sealed, placeOfCredentials(db, id)) };
}

type Sealing = { sealer: Sealer; id: string; credentials: unknown };

/** New credentials by a person: a new version, a renewal that is under way does not replace them, and the channel counts as healthy until a call fails. */
export async function replaceCredentials(db: AccountDb, { sealer, id, credentials }: Sealing): Promise<ChannelRecord> {
  await db('channels')
    .where({ id })
    .whereNull('deleted_at')
    .update({
      credentials: sealer.seal(credentials, placeOfCredentials(db, id)),
      credentials_version: db.raw('credentials_version + 1'),
      renewing_until: null,
      webhooks_due_at: db.fn.now(),
      health_since: db.raw(`case when health_status = 'ok' then health_since else now() end`),
      health_status: 'ok',
      health_code: null,
    });
  return requireChannel(db, id);
}

/** `since` changes only with the health, so that it says how long the health has lasted. */
export async function recordHealth(
  db: AccountDb,
  channelId: string,
  { status, code }: { status: ChannelHealthStatus; code: ErrorCode | null },
): Promise<void> {
  await db('channels')
    .where({ id: channelId })
    .whereRaw('(health_status, health_code) is distinct from (?, ?)', [status, code])
    .update({ health_status: status, health_code: code, health_since: db.fn.now() });
}

/**
 * Marks the row as deleted, since orders point to it, and forgets its credentials.
 * @param hasWebhooks the shop sends us messages: its credentials are forgotten once these are removed
 * @throws DomainError `channel_not_found`, `channel_has_open_orders`
 */
export async function deleteChannel(db: AccountDb, id: string, { hasWebhooks = false } = {}): Promise<void> {
  await requireChannel(db, id);
  const open = await db('orders')
    .where({ channel_id: id })
    .whereIn('status', ['awaiting_fulfillment', 'dropship_requested', 'partially_shipped'])
    .first<{ id: string } | undefined>('id');
  if (open) throw new DomainError('channel_has_open_orders', `Order ${open.id} and perhaps more are open.`);
  await lockLinks(db, [id]);
  await forgetSkuChanges(db, id);
  await db('channels')
    .where({ id })
    .update({ deleted_at: db.fn.now(), webhooks_due_at: db.fn.now(), ...(!hasWebhooks && { credentials: null }) });
}

/** The account of a channel; undefined for a deleted channel. */
export async function accountOfChannel(db: SystemDb, channelId: string): Promise<string | undefined> {
  const row = await db<Row>('channels').where({ id: channelId }).whereNull('deleted_at').first('account_id');
  return row?.account_id;
}

/** Whose messages come to a hook; undefined for a deleted channel. */
export async function ownerOfHook(
  db: SystemDb,
  channelId: string,
): Promise<{ accountId: string; kind: ChannelKind } | undefined> {
  const row = await db<Row>('channels').where({ id: channelId }).whereNull('deleted_at').first('account_id', 'kind');
  return row && { accountId: row.account_id, kind: row.kind };
}

/** Also of a deleted channel. */
export async function isPortal(db: AccountDb, id: string): Promise<boolean> {
  return (await db('channels').where({ id, kind: 'portal' }).first<{ id: string } | undefined>('id')) !== undefined;
}

/** Notes that the channel has its Schedules. Idempotent. */
export async function markScheduled(db: AccountDb, id: string): Promise<void> {
  await db('channels').where({ id }).whereNull('scheduled_at').update({ scheduled_at: db.fn.now() });
}

/** Channels that have no Schedules `seconds` after they were made. */
export async function listChannelsToSchedule(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<string[]> {
  const rows = await db('channels')
    .whereNull('scheduled_at')
    .whereNull('deleted_at')
    .whereRaw(`created_at < now() - make_interval(secs => ?)`, [filter.seconds])
    .orderBy('created_at')
    .limit(filter.limit)
    .select<{ id: string }[]>('id');
  return rows.map((row) => row.id);
}

/** The account of a channel, also of a deleted channel. */
export async function accountOfFormerChannel(db: SystemDb, channelId: string): Promise<string | undefined> {
  const row = await db<Row>('channels').where({ id: channelId }).first('account_id');
  return row?.account_id;
}
