import { findToOpen } from '../db/channels/channels.ts';
import { claimWebhooks, forgetCredentials, noteWebhooks } from '../db/channels/webhooks-due.ts';
import { readOnce, withAccount } from '../db/engine/with-account.ts';
import type { Deps } from './deps.ts';
import { withChannel, withRead } from './open-channel.ts';
import { findOwnerOfChannel, ownerOfFormerChannel } from './owners.ts';

export const createWebhookActivities = (deps: Deps) => ({
  ensureWebhooks: (input: { channelId: string }) => ensureWebhooks(deps, input),
});

/** Has a shop send us its messages, or, of a deleted channel, no more. Idempotent; one worker at a time. */
async function ensureWebhooks(deps: Deps, { channelId }: { channelId: string }): Promise<void> {
  const { pool, publicUrl } = deps;
  const accountId = await findOwnerOfChannel(pool, channelId);
  if (accountId === undefined) return disconnect(deps, channelId);
  if (publicUrl === undefined) return;
  const claim = await withAccount(pool, accountId, (db) => claimWebhooks(db, channelId));
  if (claim === undefined) return;
  const url = new URL(`/v1/hooks/${channelId}`, publicUrl).href;
  await withChannel(deps, { accountId, channelId }, (channel) => channel.ensureWebhooks(url));
  await withAccount(pool, accountId, (db) => noteWebhooks(db, { id: channelId, claim }));
}

/** A shop that does not answer for so long goes on to send: to an address that refuses its messages. */
const triedHours = 24;

/** The last use of the credentials: they are forgotten after it. */
async function disconnect(deps: Deps, channelId: string): Promise<void> {
  const { pool, sealer } = deps;
  const accountId = await ownerOfFormerChannel(pool, channelId);
  const claim = await withAccount(pool, accountId, (db) => claimWebhooks(db, channelId));
  if (claim === undefined) return;
  const former = await readOnce(pool, accountId, (db) => findToOpen(db, sealer, channelId, { ifDeleted: true }));
  const forget = (hours: number) => withAccount(pool, accountId, (db) => forgetCredentials(db, channelId, { hours }));
  try {
    await withRead(deps, former, (channel) => channel.disconnect());
  } catch (error) {
    await forget(triedHours);
    throw error;
  }
  await forget(0);
}
