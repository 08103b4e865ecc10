import { cancellationSignal } from '@temporalio/activity';
import {
  findToOpen,
  recordHealth,
  saveCredentials,
  type ChannelRecord,
  type ReadChannel,
} from '../db/channels/channels.ts';
import { DomainError } from '../domain/errors.ts';
import { listOwnProducts } from '../db/catalogue/products.ts';
import { readOnce, withAccount } from '../db/engine/with-account.ts';
import { openApi } from './channels/api.ts';
import { ChannelError, type Channel, type ChannelFactory } from './channels/channel.ts';
import { openPortal } from './channels/portal/portal.ts';
import { openVendure } from './channels/vendure/vendure.ts';
import type { Deps } from './deps.ts';
import { healthAfter, toFailure } from './failures.ts';
import { portalMessenger } from './messenger.ts';

const shops = { vendure: openVendure, api: openApi } satisfies Record<string, ChannelFactory>;

/**
 * Opens a channel of an account, uses it, and records its health. A ChannelError becomes a failure with a code.
 * @throws ApplicationFailure typed by the codes of domain/errors.ts
 */
export async function withChannel<T>(
  deps: Deps,
  place: { accountId: string; channelId: string },
  use: (channel: Channel) => Promise<T>,
): Promise<T> {
  const read = await readOnce(deps.pool, place.accountId, (db) => findToOpen(db, deps.sealer, place.channelId));
  return withRead(deps, read, use);
}

/** As `withChannel`, where a transaction of the caller has read the channel just now, or has not found it. */
export async function withRead<T>(
  deps: Deps,
  read: ReadChannel | undefined,
  use: (channel: Channel) => Promise<T>,
): Promise<T> {
  if (!read) throw new DomainError('channel_not_found', 'There is no channel with this id.');
  const { record } = read;
  const credentials = read.credentials();
  try {
    const result = await use(open(deps, record, credentials));
    if (record.health.status !== 'ok') await noteHealth(deps, record, { status: 'ok', code: null });
    return result;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const health = healthAfter(error.fault);
    if (health) await noteHealth(deps, record, health);
    // If newer credentials have been entered meanwhile, the step resumes with them (law 4).
    throw toFailure(error, undefined, [{ credentialsVersion: record.credentialsVersion }]);
  }
}

function open(deps: Deps, record: ChannelRecord, credentials: unknown): Channel {
  const { accountId, id: channelId, kind, connectionId } = record;
  if (kind === 'portal')
    return openPortal({
      pool: deps.pool,
      accountId,
      connectionId: connectionId!,
      messenger: portalMessenger(deps),
    });
  return shops[kind](record.settings, credentials, {
    fetch: deps.fetch,
    now: deps.now,
    connectedAt: new Date(record.createdAt),
    signal: cancellationSignal(),
    saveCredentials: (renewed) =>
      withAccount(deps.pool, accountId, (db) => saveCredentials(db, deps.sealer, channelId, renewed)),
    ownProducts: (page) => readOnce(deps.pool, accountId, (db) => listOwnProducts(db, page)),
  });
}

const noteHealth = (deps: Deps, { accountId, id }: ChannelRecord, health: Parameters<typeof recordHealth>[2]) =>
  withAccount(deps.pool, accountId, (db) => recordHealth(db, id, health));
