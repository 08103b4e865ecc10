import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { RecordedShipment } from '../../activities/dropships/shipments.ts';
import { assertCorrectable, assertVoidable, followParcel } from '../../domain/dropships/corrections.ts';
import { isUndecided } from '../../domain/dropships/state.ts';
import type { TrackingChange, VoidReason } from '../../domain/shipments/corrections.ts';
import { rows } from '../activities.ts';
import { inTurn, type Dropship } from './cancels.ts';
import { relay } from './delivery.ts';
import { refusing } from '../failures.ts';

/**
 * What changes a shipment. `revision`: of one from further down, whose rows say it already; left out, the supplier's own
 * gets its next one. `key`: the request's Idempotency-Key, stored with the effect (law 1).
 */
type Told = { shipmentId: string; revision?: number; by: string; key?: { key: string; fingerprint: string } };
/** What is left out stays as it is. */
export type CorrectTrackingInput = Told & TrackingChange;
/** `noteId`: the timeline entry that holds the caller's words. */
export type VoidShipmentInput = Told & { reason: VoidReason; noteId?: string };

export const correctTracking = defineUpdate<RecordedShipment, [CorrectTrackingInput]>('correctTracking');
export const voidShipment = defineUpdate<RecordedShipment, [VoidShipmentInput]>('voidShipment');

export function listenToCorrections(dropship: Dropship): void {
  const { dropshipId, life, desk } = dropship;
  setHandler(
    correctTracking,
    (input) =>
      change(dropship, input, {
        check: () => assertCorrectable(life, input),
        write: () => rows.correctShipment({ ...input, dropshipId }),
      }),
    { validator: (input: CorrectTrackingInput) => refusing(() => assertCorrectable(life, input)) },
  );
  setHandler(
    voidShipment,
    async (input) => {
      desk.voiding += 1;
      try {
        const write = () => rows.voidShipment({ ...input, dropshipId });
        return await change(dropship, input, { check: () => assertVoidable(life, input), write });
      } finally {
        desk.voiding -= 1;
      }
    },
    { validator: (input: VoidShipmentInput) => refusing(() => assertVoidable(life, input)) },
  );
}

/**
 * Changes take turns, so that a try that is made again finds its row as it left it. The supplier's rows first, then the
 * merchant's; what the shop is to be told joins the backlog in the order of the supplier's rows.
 */
async function change(
  dropship: Dropship,
  { shipmentId, by, revision: toldRevision }: Told,
  { check, write }: { check: () => void; write: () => Promise<RecordedShipment> },
): Promise<RecordedShipment> {
  const { dropshipId, life } = dropship;
  if (isUndecided(life)) await condition(() => !isUndecided(life));
  return inTurn(dropship, async () => {
    // What came before it in turn may have voided the shipment.
    refusing(check);
    const now = await write();
    const { revision, trackingNumber, status } = now;
    const isNew = followParcel(life, { shipmentId, revision, trackingNumber, voided: status === 'voided' });
    // A run that has just begun may have read from the rows what it is told now from further down.
    if (!isNew && toldRevision === undefined) return now;
    life.backlog.push({ kind: 'parcel', ...(await relay(dropshipId, shipmentId)), by });
    return now;
  });
}
