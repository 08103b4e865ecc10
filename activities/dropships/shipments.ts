import type { Actor } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Money } from '../../domain/orders/order.ts';
import type { ShipmentTracking } from '../../domain/shipments/corrections.ts';
import { corrected } from '../../domain/shipments/tracking-change.ts';
import { assertTakesShipments } from '../../domain/shipments/route.ts';
import { allTexts, withoutTexts, type TrackingTexts } from '../../domain/shipments/texts.ts';
import { merged, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import { assertTakesShipment } from '../../domain/labels/void.ts';
import { lockLabel } from '../../db/labels/labels.ts';
import { refreshDropshipStatus } from '../../db/dropships/dropships.ts';
import { findAnswer, storeAnswer } from '../../db/engine/idempotency.ts';
import { insertOrderEvents } from '../../db/orders/events.ts';
import { lockOrder, lockToShip } from '../../db/orders/orders.ts';
import { correctShipment, voidShipment } from '../../db/shipments/corrections.ts';
import { lockToShow } from '../../db/shipments/pushes.ts';
import {
  findShipment,
  insertShipment,
  listRemoteUnits,
  markRelayed,
  requireShipment,
  resolveRemoteLines,
  type Shipment,
} from '../../db/shipments/shipments.ts';
import { readTexts } from '../../db/shipments/texts.ts';
import { sharedLabelCost } from '../../db/shipments/shared-cost.ts';
import { isRefusal } from '../../db/engine/database-error.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { readInAccount, readOnce, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import { endsOf } from '../owners.ts';
import { pushShipment } from '../push-shipment.ts';
import type {
  CorrectTrackingInput,
  RecordedShipment,
  RecordShipmentInput,
  VoidShipmentInput,
} from '../../workflows/messages.ts';

export const createShipmentActivities = (deps: Deps) => ({
  recordShipment: (input: ToRecord) => recordShipment(deps, input),
  correctShipment: (input: CorrectTrackingInput & { dropshipId: string }) => correctAtSupplier(deps, input),
  voidShipment: (input: VoidShipmentInput & { dropshipId: string }) => voidAtSupplier(deps, input),
  relayShipment: (input: Place) => relayShipment(deps, input),
  pushShipment: (input: { orderId: string; shipmentId: string }) => pushShipment(deps, input),
});

/** `relays`: the merchant gets the shipment in the same activity; else the workflow decides when. */
type ToRecord = RecordShipmentInput & { dropshipId: string; relays?: boolean };
/** `relayed`: null where it was not asked for, or was refused for good; then the main loop tries it, and parks. */
type Recorded = { shipment: RecordedShipment; relayed: Relayed | null };

async function recordShipment(deps: Deps, { relays = false, ...input }: ToRecord): Promise<Recorded> {
  const received = await recordAtSupplier(deps, input);
  deps.crashPoint('shipment.supplier-committed');
  const relayed = relays ? await relayOrLeave(deps, input, received) : null;
  if (relayed === null) return { shipment: withoutTexts(received.shipment), relayed };
  const { shipment, ...how } = relayed;
  return { shipment: withoutTexts(shipment), relayed: how };
}

async function relayOrLeave(deps: Deps, place: Place, received: Received): Promise<RelayedNow | null> {
  try {
    return await relay(deps, place, received);
  } catch (error) {
    // A retry would fail in the same way, and the supplier has the shipment already.
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** Writes a supplier's shipment into its account and stores the answer of the request's key. Idempotent. */
async function recordAtSupplier(
  { pool }: Deps,
  input: RecordShipmentInput & { dropshipId: string },
): Promise<Received> {
  const { supplierId } = await endsOf(pool, input.dropshipId);
  return withAccount(pool, supplierId, async (db) => {
    const known = await findShipment(db, input.shipmentId);
    const shipment = known ?? (await insertReceived(db, input));
    if (input.key) await storeAnswer(db, { ...input.key, status: 201, answer: shipment });
    return { shipment, units: known ? await listRemoteUnits(db, known.id) : merged(input.lines) };
  });
}

async function insertReceived(db: AccountDb, input: RecordShipmentInput & { dropshipId: string }): Promise<Shipment> {
  const orderId = requireOrderId(input);
  const texts = input.labelId === undefined ? await textsOf(db, input) : await textsOfLabel(db, input.labelId);
  // Its account may have dropshipped or split it since the message was sent.
  assertTakesShipments(await lockToShip(db, orderId));
  const lines = await resolveRemoteLines(db, orderId, input.lines);
  const actor = { kind: 'account', id: input.by } as const;
  const shipment = { ...input, ...allTexts(input, texts), id: input.shipmentId, orderId, lines };
  const inserted = await insertShipment(db, shipment, actor);
  return inserted ?? requireShipment(db, input.shipmentId);
}

/** What a person wrote, from the row that the message names. */
const textsOf = async (db: AccountDb, { textsId }: { textsId?: string }): Promise<TrackingTexts> =>
  textsId === undefined ? {} : readTexts(db, textsId);

/** The message may have waited in the dropship for longer than its label lived. Label before order, as all who lock both. */
async function textsOfLabel(db: AccountDb, labelId: string): Promise<TrackingTexts> {
  const label = await lockLabel(db, labelId);
  assertTakesShipment(label);
  const { carrierName, trackingUrl, service } = label;
  return {
    ...(carrierName !== null && { carrierName }),
    ...(trackingUrl !== null && { trackingUrl }),
    ...(service !== null && { service }),
  };
}

type Change = { dropshipId: string; shipmentId: string; by: string; key?: { key: string; fingerprint: string } };

/** Idempotent under its key. @returns the shipment as it is now */
async function correctAtSupplier(
  deps: Deps,
  input: CorrectTrackingInput & { dropshipId: string },
): Promise<RecordedShipment> {
  const changed = await changeAtSupplier(deps, input, async (db, shipment, actor) => {
    const tracking = corrected(shipment, { ...input, ...(await textsOf(db, input)) });
    await correctShipment(db, shipment, { tracking, actor });
  });
  deps.crashPoint('shipment.supplier-committed');
  return changed;
}

/** Opens its units again at the supplier. @returns the shipment as it is now */
async function voidAtSupplier(
  deps: Deps,
  input: VoidShipmentInput & { dropshipId: string },
): Promise<RecordedShipment> {
  const { reason, noteId } = input;
  const changed = await changeAtSupplier(deps, input, (db, shipment, actor) =>
    voidShipment(db, shipment, { reason, actor, noteId }),
  );
  deps.crashPoint('void.committed');
  return changed;
}

/**
 * Changes a supplier's own shipment, once: a repeat finds the stored answer of its key, or the changed row. A shipment
 * that came from further down was changed there, so its row has the change already.
 */
async function changeAtSupplier(
  { pool }: Deps,
  { dropshipId, shipmentId, by, key }: Change,
  change: (db: AccountDb, shipment: Shipment, actor: Actor) => Promise<void>,
): Promise<RecordedShipment> {
  const { supplierId } = await endsOf(pool, dropshipId);
  return withAccount(pool, supplierId, async (db) => {
    await lockOrder(db, (await requireShipment(db, shipmentId)).orderId);
    const answered = key && (await findAnswer(db, key.key));
    if (answered && answered.fingerprint === key.fingerprint) return withoutTexts(answered.answer as Shipment);
    const shipment = await requireShipment(db, shipmentId);
    const isOwn = shipment.dropshipId === null || shipment.dropshipId === dropshipId;
    if (isOwn && shipment.status === 'recorded') await change(db, shipment, { kind: 'account', id: by });
    const changed = await requireShipment(db, shipmentId);
    if (key) await storeAnswer(db, { ...key, status: 200, answer: changed });
    return withoutTexts(changed);
  });
}

type Place = { dropshipId: string; shipmentId: string };
/** A shipment as the supplier's rows have it; `units` by the merchant's line ids. */
type Received = { shipment: Shipment; units: ShipmentLine[] };
/**
 * `orderId`: the merchant's leaf; null for a shipment that was voided before the merchant had it. `isShown`: nobody is to
 * be called, so that it needs no push.
 */
type Relayed = { orderId: string | null; isShown: boolean };

/** Brings the merchant's copy of a shipment, under the same id, to the supplier's latest revision. Idempotent. */
async function relayShipment(deps: Deps, place: Place): Promise<Relayed> {
  const { dropshipId, shipmentId } = place;
  const { supplierId } = await endsOf(deps.pool, dropshipId);
  const received = await readInAccount(deps.pool, supplierId, async (db) => ({
    shipment: await requireShipment(db, shipmentId),
    units: await listRemoteUnits(db, shipmentId),
  }));
  const { orderId, isShown } = await relay(deps, place, received);
  return { orderId, isShown };
}

/** `shipment`: the supplier's, as it is now. */
type RelayedNow = Relayed & { shipment: Shipment };

/** The cost of a label of the supplier's own. That of a supplier further down was shared with this one only. */
async function labelCostThatCrosses(
  pool: Pool,
  supplierId: string,
  { dropshipId, shipment }: { dropshipId: string; shipment: Shipment },
): Promise<Money | null> {
  const isOwn = shipment.dropshipId === null || shipment.dropshipId === dropshipId;
  if (!isOwn || !shipment.labelCost) return null;
  return readOnce(pool, supplierId, (db) => sharedLabelCost(db, shipment));
}

async function relay({ pool, crashPoint }: Deps, { dropshipId }: Place, received: Received): Promise<RelayedNow> {
  const { orderId, merchantId, supplierId, supplierEntryId } = await endsOf(pool, dropshipId);
  const labelCost = await labelCostThatCrosses(pool, supplierId, { dropshipId, shipment: received.shipment });
  const relayed = await withAccount(pool, merchantId, async (db) => {
    const shownIn = await lockToShow(db, orderId);
    const actor = { kind: 'supplier', id: supplierEntryId } as const;
    const copied = await copyShipment(db, received, { orderId, dropshipId, actor, shownIn, labelCost });
    await refreshDropshipStatus(db, dropshipId);
    return copied;
  });
  crashPoint('shipment.merchant-committed');
  const { isThere, isShown } = relayed;
  const shipment = await withAccount(pool, supplierId, (db) =>
    noteRelayed(db, received.shipment, { dropshipId, merchantId, isShown }),
  );
  return { orderId: isThere ? orderId : null, isShown, shipment };
}

/** Shows the supplier that the merchant has the shipment and, where nobody is to be called, that it is in the shop. */
async function noteRelayed(
  db: AccountDb,
  shipment: Shipment,
  { dropshipId, merchantId, isShown }: { dropshipId: string; merchantId: string; isShown: boolean },
): Promise<Shipment> {
  const { id: shipmentId, orderId, revision } = shipment;
  const now = await markRelayed(db, shipment, { isShown });
  if (!now) return requireShipment(db, shipmentId);
  const relayed = {
    orderId,
    type: 'shipment_relayed',
    actor: { kind: 'system', id: dropshipId },
    data: { shipmentId, ...(revision > 1 && { revision }) },
  } as const;
  const shown = {
    orderId,
    type: 'shipment_pushed',
    actor: { kind: 'merchant', id: merchantId },
    data: { shipmentId, revision },
  } as const;
  await insertOrderEvents(db, isShown ? [relayed, shown] : [relayed]);
  return now;
}

type Copy = { orderId: string; dropshipId: string; actor: Actor; shownIn: string | null; labelCost: Money | null };
/** `isThere`: the merchant has the shipment. `isShown`: its channel shows it, without a push. */
type Copied = { isThere: boolean; isShown: boolean };

async function copyShipment(db: AccountDb, { shipment, units }: Received, copy: Copy): Promise<Copied> {
  const { actor, shownIn, ...place } = copy;
  const { revision, voidReason } = shipment;
  if (shipment.status === 'recorded') {
    // A later revision was made known to nobody: it is pushed as it is.
    const relayed = { shownIn: revision === 1 ? shownIn : null };
    const copied = { ...copyOf(shipment), ...place, revision, lines: units, relayed };
    const isNew = (await insertShipment(db, copied, actor)) !== null;
    if (isNew) return { isThere: true, isShown: relayed.shownIn !== null };
  }
  const known = await findShipment(db, shipment.id);
  if (!known) return { isThere: false, isShown: false };
  if (known.revision < revision && shipment.status === 'voided')
    await voidShipment(db, known, { reason: voidReason ?? 'other', actor, revision });
  else if (known.revision < revision)
    await correctShipment(db, known, { tracking: trackingOf(shipment), actor, revision });
  return { isThere: true, isShown: shownIn !== null && revision === 1 && known.pushedAt !== null };
}

function requireOrderId({ orderId, shipmentId }: RecordShipmentInput): string {
  if (orderId === undefined) throw new DomainError('shipment_not_found', `Shipment ${shipmentId} is not recorded.`);
  return orderId;
}

/** Field by field: a field that is not named here does not cross back to the merchant. */
function copyOf(shipment: Shipment) {
  const { id, method, carrier, carrierName, trackingNumber, trackingUrl, service, shippedAt } = shipment;
  return { id, method, carrier, carrierName, trackingNumber, trackingUrl, service, shippedAt };
}

const trackingOf = (shipment: Shipment): ShipmentTracking => {
  const { method, carrier, carrierName, trackingNumber, trackingUrl, service } = shipment;
  return { method, carrier, carrierName, trackingNumber, trackingUrl, service };
};
