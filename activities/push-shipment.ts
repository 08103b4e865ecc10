import { ApplicationFailure } from '@temporalio/common';
import { DomainError } from '../domain/errors.ts';
import type { PushAction } from '../domain/shipments/push.ts';
import { claimPush, confirmPush, forgetSent, freePush, noteSent, type PushJob } from '../db/shipments/pushes.ts';
import { findToOpen, type ReadChannel } from '../db/channels/channels.ts';
import { insertOrderEvent } from '../db/orders/events.ts';
import { markPushed } from '../db/shipments/shipments.ts';
import { withAccount, type AccountDb } from '../db/engine/with-account.ts';
import { ChannelError, type Channel, type Push, type Pushed } from './channels/channel.ts';
import type { Deps } from './deps.ts';
import { withRead } from './open-channel.ts';
import { endsOf, ownerOfOrder } from './owners.ts';

type Place = { orderId: string; shipmentId: string };

/**
 * Makes the channel of a shipment's order show the shipment as our row says now: creates, corrects or voids, then reads
 * back. Idempotent: a fulfillment that is there is found and not made again.
 */
export async function pushShipment(deps: Deps, place: Place): Promise<{ remoteIds: string[] }> {
  const accountId = await ownerOfOrder(deps.pool, place.orderId);
  for (;;) {
    const { job, remoteIds, isShown } = await pushOnce(deps, accountId, place);
    if (!isShown) continue;
    if (job.dropshipId !== null) await relayPushed(deps, job, { ...job, remoteIds, dropshipId: job.dropshipId });
    return { remoteIds };
  }
}

/** Does the next push action. `isShown`: the channel is up to date. */
async function pushOnce(
  deps: Deps,
  accountId: string,
  { orderId, shipmentId }: Place,
): Promise<{ job: PushJob; remoteIds: string[]; isShown: boolean }> {
  const { pool, crashPoint } = deps;
  const claimed = await withAccount(pool, accountId, async (db) => {
    const job = await claimPush(db, orderId, shipmentId);
    return job && { job, channel: job.pushAction ? await findToOpen(db, deps.sealer, job.channelId) : undefined };
  });
  if (!claimed) throw busy();
  const { job, channel } = claimed;
  const pushed = job.pushAction
    ? await carryOut(deps, { accountId, orderId, job, channel, pushAction: job.pushAction })
    : { remoteIds: job.remoteIds, found: true, done: null };
  crashPoint('push.read-back');
  const { remoteIds, found, done } = pushed;
  const isShown = await withAccount(pool, accountId, (db) =>
    confirmPush(db, { ...job, pushAction: done }, { orderId, remoteIds, found }),
  );
  return { job: { ...job, pushAction: done }, remoteIds, isShown };
}

const busy = () =>
  ApplicationFailure.create({
    type: 'push_in_progress',
    message: 'Another shipment of this order is being pushed.',
    nextRetryDelay: '500ms',
    category: 'BENIGN',
  });

type PushWork = {
  accountId: string;
  orderId: string;
  job: PushJob;
  channel: ReadChannel | undefined;
  pushAction: PushAction;
};
type Done = { remoteIds: string[]; found: boolean; done: PushAction };

async function carryOut(deps: Deps, work: PushWork): Promise<Done> {
  const { accountId, orderId, job, pushAction } = work;
  const { shipmentId } = job;
  let isUnsent = true;
  try {
    deps.crashPoint('push.looked-up');
    const done = await withRead(deps, work.channel, async (channel) => {
      isUnsent = false;
      return call(deps, channel, work).catch((error: unknown) => {
        isUnsent = isNothingDone(error);
        throw error;
      });
    });
    deps.crashPoint('push.sent');
    return done;
  } catch (error) {
    const isForgotten = isUnsent && pushAction.kind === 'create' && !pushAction.again;
    await withAccount(deps.pool, accountId, async (db) => {
      if (isForgotten) await forgetSent(db, shipmentId);
      await freePush(db, orderId, shipmentId);
    });
    throw error;
  }
}

async function call(deps: Deps, channel: Channel, { accountId, job, pushAction }: PushWork): Promise<Done> {
  const { shipmentId, instead } = job;
  const inAccount = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(deps.pool, accountId, work);
  try {
    const { remoteIds, found } = await ask(channel, pushAction.kind, { ...job, notifyBuyer: true });
    return { remoteIds, found, done: pushAction };
  } catch (error) {
    if (!pushAction.again || !instead || !isRefusal(error)) throw error;
    // The create may have arrived by an earlier try although this one is refused. So push the later correction or void.
    const { kind, revision, tracking } = instead;
    if (kind === 'correct') await inAccount((db) => noteSent(db, shipmentId, instead));
    const { remoteIds, found } = await ask(channel, kind, { ...job, revision, tracking, notifyBuyer: true });
    return { remoteIds, found, done: { kind, revision, again: false } };
  }
}

/**
 * Calls the channel for a push action.
 * @throws ChannelError; DomainError `correction_not_possible`, `void_not_possible` where only a person can do it in the
 *   shop
 */
export async function ask(channel: Channel, kind: PushAction['kind'], push: Push): Promise<Pushed> {
  if (kind === 'create') return channel.pushShipment(push);
  if (kind === 'correct') {
    const { correct } = await channel.describeTraits();
    if (correct !== 'none') return channel.correctTracking(push);
    throw new DomainError('correction_not_possible', `The channel's kind ${channel.kind} takes no corrections.`);
  }
  try {
    return await channel.voidShipment(push);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const { fault } = error;
    if (fault.kind === 'gone' && fault.what !== 'channel')
      return { remoteIds: push.remoteIds, found: true, order: null };
    if (fault.kind !== 'invalid') throw error;
    throw new DomainError('void_not_possible', `The channel keeps the shipment: ${fault.field} ${fault.code}.`);
  }
}

/** The channel's answer says that no part of the call took effect. */
const isNothingDone = (error: unknown): boolean =>
  error instanceof ChannelError && error.fault.kind !== 'unknown_outcome' && !error.isBegun;

const isRefusal = (error: unknown): boolean =>
  isNothingDone(error) && ['invalid', 'gone'].includes((error as ChannelError).fault.kind);

async function relayPushed(
  { pool }: Deps,
  { shipmentId, pushAction, revision }: PushJob,
  { dropshipId, remoteIds }: { dropshipId: string; remoteIds: string[] },
): Promise<void> {
  const { supplierId, merchantId } = await endsOf(pool, dropshipId);
  const shown = { shipmentId, revision: pushAction?.revision ?? revision, remoteIds, merchantId };
  await withAccount(pool, supplierId, (db) => notePushed(db, shown));
}

/** Records on the supplier's shipment, too, that the merchant's channel shows this revision of it. Idempotent. */
async function notePushed(
  db: AccountDb,
  shown: { shipmentId: string; revision: number; remoteIds: string[]; merchantId: string },
): Promise<void> {
  const { shipmentId, revision, remoteIds, merchantId } = shown;
  const isSent = remoteIds.length > 0;
  const noted = await markPushed(db, { shipmentId, revision, remoteIds, isSent });
  if (!noted || !isSent) return;
  const { orderId, status } = noted;
  const type = revision === 1 ? 'shipment_pushed' : 'shipment_correction_pushed';
  await insertOrderEvent(db, {
    orderId,
    type: status === 'voided' ? 'shipment_void_pushed' : type,
    actor: { kind: 'merchant', id: merchantId },
    data: { shipmentId, revision },
  });
}
