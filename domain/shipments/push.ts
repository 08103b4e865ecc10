import type { ShipmentStatus } from './shipment.ts';

/** What our row says of a shipment, and how much of it the channel was told. */
export type PushProgress = {
  status: ShipmentStatus;
  /** Grows by one with each correction, and with the void. */
  revision: number;
  /** What was last handed to the channel, before it was known to arrive. */
  sentRevision: number | null;
  /** What the channel is known to show. */
  pushedRevision: number | null;
};

/** `revision`: what the channel shows after it. `again`: it was handed over before, and may have arrived. */
export type PushAction = { kind: 'create' | 'correct' | 'void'; revision: number; again: boolean };

/**
 * The next thing to do so that a channel shows a shipment as our row says. What was sent and never confirmed is sent
 * again as it was: a shop that keeps no reference finds it by that, and makes no second fulfilment of a correction.
 * @returns null when the channel shows all there is, which is nothing for a shipment voided before it was sent
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
