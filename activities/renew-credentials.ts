import { setTimeout as sleep } from 'node:timers/promises';
import { readCredentials } from '../db/channels/channels.ts';
import { claimRenewal, endRenewal, storeRenewed, type RenewalClaim } from '../db/channels/renewals.ts';
import { withAccount } from '../db/engine/with-account.ts';
import { ChannelError, type ChannelTools } from './channels/channel.ts';
import type { Deps } from './deps.ts';

type Wait = { pollMs: number; longestMs: number; signal: AbortSignal };
type Place = { accountId: string; channelId: string };
type RenewalDeps = Pick<Deps, 'pool' | 'sealer'>;

/**
 * Renews credentials once, however many workers find them run out: a shop's refresh token may work a single time. The claim is
 * in the channel's row. No connection and no row is locked during the call of the shop, so others may read the channel, note its
 * health and enter new credentials meanwhile.
 * @throws ChannelError `unavailable` where another renewal takes longer than we wait; `gone` where the channel is
 */
export function renewing(deps: RenewalDeps, place: Place, wait: Wait): ChannelTools['renewCredentials'] {
  return async (used, next) => {
    const claimed = await claimOf(deps, place, { used, wait });
    return 'claim' in claimed ? renew(deps, place, { ...claimed, next }) : claimed.stored;
  };
}

type Claimed = { stored: unknown } | { stored: unknown; claim: RenewalClaim };

async function claimOf(
  { pool, sealer }: RenewalDeps,
  { accountId, channelId: id }: Place,
  { used, wait }: { used: unknown; wait: Wait },
): Promise<Claimed> {
  for (let leftMs = wait.longestMs; ; leftMs -= wait.pollMs) {
    const found = await withAccount(pool, accountId, (db) => claimRenewal(db, { sealer, id, used }));
    if (!found) throw gone();
    if (found.outcome !== 'busy') return found;
    if (leftMs <= 0) throw new ChannelError({ kind: 'unavailable' });
    await sleep(wait.pollMs, undefined, { signal: wait.signal });
  }
}

type Renewal = { stored: unknown; claim: RenewalClaim; next: (stored: unknown) => Promise<unknown> };

async function renew({ pool, sealer }: RenewalDeps, place: Place, { stored, claim, next }: Renewal): Promise<unknown> {
  const { accountId, channelId: id } = place;
  const inAccount = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, accountId, work);
  let credentials: unknown;
  try {
    credentials = await next(stored);
  } catch (error) {
    await inAccount((db) => endRenewal(db, { id, claim }));
    throw error;
  }
  const isStored = await inAccount((db) => storeRenewed(db, { sealer, id, claim, credentials }));
  if (isStored) return credentials;
  const entered = await inAccount((db) => readCredentials(db, sealer, id));
  if (entered === null) throw gone();
  return entered;
}

const gone = () => new ChannelError({ kind: 'gone', what: 'channel' });
