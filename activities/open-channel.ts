import { findToOpen, recordHealth, type ChannelRecord, type ReadChannel } from '../db/channels/channels.ts';
import { callsOutside, isShopKind, type ShopKind } from '../domain/channel.ts';
import { DomainError } from '../domain/errors.ts';
import { listOwnProducts } from '../db/catalogue/products.ts';
import { readOnce, withAccount } from '../db/engine/with-account.ts';
import { openApi } from './channels/api.ts';
import { ChannelError, type Channel, type ChannelFactory, type Fetch } from './channels/channel.ts';
import { needsCredentials, shops } from './channels/kinds.ts';
import { openMedusa } from './channels/medusa/medusa.ts';
import { openPortal } from './channels/portal/portal.ts';
import { isTimeOut } from './channels/safe-fetch.ts';
import { openShopify } from './channels/shopify/shopify.ts';
import { openVendure } from './channels/vendure/vendure.ts';
import { openWooCommerce } from './channels/woocommerce/woocommerce.ts';
import type { Deps } from './deps.ts';
import { currentSignal, healthAfter, toFailure } from './failures.ts';
import type { Seen } from './gate.ts';
import { portalMessenger } from './messenger.ts';
import { renewing } from './renew-credentials.ts';

/** The connector of each kind of shop. */
const factories: Readonly<Record<ShopKind, ChannelFactory>> = {
  vendure: openVendure,
  shopify: openShopify,
  woocommerce: openWooCommerce,
  medusa: openMedusa,
  api: openApi,
};

/** `isProbe`: a person asks whether the shop answers, also while its calls are held back. */
type Place = { accountId: string; channelId: string; isProbe?: boolean };
type Use<T> = (channel: Channel) => Promise<T>;

/**
 * Opens a channel of an account, uses it, and records its health. A ChannelError becomes a failure with a code.
 * @throws ApplicationFailure typed by the codes of domain/errors.ts
 */
export async function withChannel<T>(deps: Deps, { accountId, channelId, isProbe }: Place, use: Use<T>): Promise<T> {
  const read = await readOnce(deps.pool, accountId, (db) => findToOpen(db, deps.sealer, channelId));
  return withRead(deps, read && { ...read, ...(isProbe && { isProbe }) }, use);
}

/** As `withChannel`, where a transaction of the caller has read the channel just now, or has not found it. */
export async function withRead<T>(
  deps: Deps,
  read: (ReadChannel & { isProbe?: boolean }) | undefined,
  use: Use<T>,
): Promise<T> {
  if (!read) throw new DomainError('channel_not_found', 'There is no channel with this id.');
  const { record } = read;
  const credentials = read.credentials();
  if (!callsOutside(record)) return recordingHealth(deps, record, () => use(open(deps, record, credentials)));
  const call = {
    accountId: record.accountId,
    targetId: record.id,
    version: record.credentialsVersion,
    host: hostOf(record),
    signal: currentSignal(),
    silence: heldBack.code,
    details: detailsOf(record),
    ...(read.isProbe && { isProbe: true }),
  };
  return deps.gate.pass(call, (seen) => {
    const watched = { ...deps, fetch: watching(deps.fetch, seen) };
    return recordingHealth(deps, record, () => use(open(watched, record, credentials)));
  });
}

async function recordingHealth<T>(deps: Deps, record: ChannelRecord, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    if (record.health.status !== 'ok') await noteHealth(deps, record, { status: 'ok', code: null });
    return result;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const health = deps.gate.holdsBack(record.id) ? heldBack : healthAfter(error.fault);
    if (health) await noteHealth(deps, record, health);
    throw toFailure(error, undefined, [detailsOf(record)]);
  }
}

/** If newer credentials have been entered meanwhile, the step resumes with them (law 4). */
const detailsOf = ({ credentialsVersion }: ChannelRecord) => ({ credentialsVersion });

/** Whatever the last call was about: the shop has not answered several in a row. */
const heldBack = { status: 'failing', code: 'channel_unreachable' } as const;

/** Settings that have no readable URL are refused when the channel opens. */
function hostOf({ kind, settings }: ChannelRecord): string {
  const url = isShopKind(kind) ? (shops[kind].target(settings)?.url ?? '') : '';
  return URL.canParse(url) ? new URL(url).host : '';
}

const watching =
  (fetch: Fetch, seen: Seen): Fetch =>
  async (url, init) => {
    try {
      const answer = await fetch(url, init);
      seen.answer();
      return answer;
    } catch (error) {
      if (isTimeOut(error)) seen.timeOut();
      throw error;
    }
  };

function open(deps: Deps, record: ChannelRecord, credentials: unknown): Channel {
  const { accountId, id: channelId, kind, connectionId } = record;
  if (!isShopKind(kind))
    return openPortal({
      pool: deps.pool,
      accountId,
      connectionId: connectionId!,
      messenger: portalMessenger(deps),
    });
  if (credentials === null && needsCredentials(kind)) throw new ChannelError({ kind: 'auth_failed' });
  const signal = currentSignal();
  return factories[kind](record.settings, credentials, {
    fetch: deps.fetch,
    now: deps.now,
    connectedAt: new Date(record.createdAt),
    signal,
    renewCredentials: renewing(deps, { accountId, channelId }, { ...renewalWait, signal }),
    ownProducts: (page) => readOnce(deps.pool, accountId, (db) => listOwnProducts(db, page)),
  });
}

/** A renewal is one call, which ends after 15 seconds at the latest. */
const renewalWait = { pollMs: 200, longestMs: 20_000 };

const noteHealth = (deps: Deps, { accountId, id }: ChannelRecord, health: Parameters<typeof recordHealth>[2]) =>
  withAccount(deps.pool, accountId, (db) => recordHealth(db, id, health));
