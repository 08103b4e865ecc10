import type { ShipmentStatus } from './shipment.ts';

/** What our row says of a shipment, and what the channel got of it. */
export type PushProgress = {
  status: ShipmentStatus;
  /** Grows by one with each correction, and with the void. */
  revision: number;
  /** The revision that was sent last. It is stored before the call, so it may not have arrived. */
  sentRevision: number | null;
  /** The revision that the channel is known to show. */
  pushedRevision: number | null;
};

/** `revision`: the revision that the channel shows afterwards. `again`: it was sent before and may have arrived. */
export type PushAction = { kind: 'create' | 'correct' | 'void'; revision: number; again: boolean };

/**
 * The next action towards a channel that shows a shipment as our row says. A revision that was sent and not confirmed is
 * sent again unchanged: a shop that does not store our reference finds its fulfillment by that content, so a correction
 * makes no second fulfillment.
 * @returns null when the channel is up to date, also for a shipment that was voided before it was sent
 */
export function nextPushAction({ status, revision, sentRevision, pushedRevision }: PushProgress): PushAction | null {
  const isVoided = status === 'voided';
  if (pushedRevision === null) {
    if (sentRevision === null) return isVoided ? null : { kind: 'create', revision, again: false };
    return { kind: 'create', revision: sentRevision, again: true };
  }
  if (pushedRevision >= revision) return null;
  if (isVoided) return { kind: 'void', revision, again: false };
  const isInDoubt = sentRevision !== null && sentRevision > pushedRevision;
  return { kind: 'correct', revision: isInDoubt ? sentRevision : revision, again: isInDoubt };
}
