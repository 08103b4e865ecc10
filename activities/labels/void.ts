import { ApplicationFailure } from '@temporalio/common';
import { derivedId } from '../../db/engine/ids.ts';
import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { lockLabel, requireLabel } from '../../db/labels/labels.ts';
import { requirePurchase } from '../../db/labels/purchases.ts';
import { noteRecorded, noteRefund, noteVoided, noteVoidRequested, withdrawVoid } from '../../db/labels/voids.ts';
import { insertOrderEvent } from '../../db/orders/events.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { voidShipment } from '../../db/shipments/corrections.ts';
import { requirePushStart } from '../../db/shipments/push-starts.ts';
import { requireShipment, type Shipment } from '../../db/shipments/shipments.ts';
import type { LabelStatus, RefundStatus } from '../../domain/labels/label.ts';
import { isLookedUp, voidOfLabel } from '../../domain/labels/void.ts';
import { assertTakesVoids, changeRoute, type VoidReason } from '../../domain/shipments/corrections.ts';
import { DomainError, isErrorCode } from '../../domain/errors.ts';
import { changedPush } from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';
import { portalMessenger } from '../messenger.ts';
import { endsOf } from '../owners.ts';
import { withLabelAccount } from './open-account.ts';
import { inBoth, placeOf, statusNow, type LabelIds, type PlacedLabel } from './place.ts';
import { LabelError } from './provider.ts';
import { findLabelShipment } from './record.ts';

const dayMs = 86_400_000;

/**
 * A void is asked for. `isNew`: whoever asked is to serve it, also where a crash lost the answer of the try that stored it.
 * @throws DomainError `label_not_bought`, `order_is_split`, `order_dropshipped` where its shipment cannot be void
 */
export async function requestLabelVoid(deps: Deps, ids: LabelIds): Promise<{ isNew: boolean }> {
  const place = await placeOf(deps, ids);
  const isNew = await withAccount(deps.pool, place.accountId, async (db) => {
    const label = await lockLabel(db, ids.labelId);
    // The system takes back by itself what has a failure.
    if (voidOfLabel(label) === 'again') return label.status !== 'voided' && label.failure === null;
    const shipment = await findLabelShipment(db, label);
    if (shipment?.status === 'recorded') routeOfVoid(shipment, await requireOrder(db, label.orderId));
    return true;
  });
  if (isNew) await inBoth(deps, place, (db) => noteVoidRequested(db, ids.labelId));
  deps.crashPoint('label.void-requested');
  return { isNew };
}

function routeOfVoid(shipment: Shipment, order: Order) {
  const route = changeRoute(shipment, order);
  if (route.via === 'own') assertTakesVoids(order);
  return route;
}

/** The carrier has the parcel: the label and its shipment stay. */
export async function withdrawLabelVoid(deps: Deps, ids: LabelIds): Promise<{ status: LabelStatus }> {
  const place = await placeOf(deps, ids);
  await inBoth(deps, place, (db) => withdrawVoid(db, ids.labelId));
  return statusNow(deps, ids);
}

type VoidedBy = LabelIds & { by: string; reason: VoidReason; noteId?: string };

/** Voids the label's shipment where it has one, as a person would. Idempotent. */
export async function voidLabelShipment(deps: Deps, { by, reason, noteId, ...ids }: VoidedBy): Promise<void> {
  const place = await placeOf(deps, ids);
  const { accountId, label } = place;
  const { shipment, order } = await readInAccount(deps.pool, accountId, async (db) => ({
    shipment: await findLabelShipment(db, label),
    order: await requireOrder(db, label.orderId),
  }));
  if (!shipment) return;
  const { id: shipmentId } = shipment;
  // A crash may have come between the shipment and the label.
  if (label.recordedAt === null)
    await inBoth(deps, place, async (db) => void (await noteRecorded(db, label.id, shipmentId)));
  if (shipment.status === 'recorded') {
    const route = routeOfVoid(shipment, order);
    const change = { shipmentId, by, reason, ...(noteId !== undefined && { noteId }) };
    if (route.via === 'own') await voidOwn(deps, accountId, change);
    else await voidUpstream(deps, route.dropshipId, change);
  }
  deps.crashPoint('label.shipment-voided');
}

type Change = { shipmentId: string; by: string; reason: VoidReason; noteId?: string };

async function voidOwn(deps: Deps, accountId: string, { shipmentId, by, reason, noteId }: Change): Promise<void> {
  const start = await withAccount(deps.pool, accountId, async (db) => {
    const { orderId } = await requireShipment(db, shipmentId);
    await lockOrder(db, orderId);
    const actor = { kind: 'account', id: by } as const;
    await voidShipment(db, await requireShipment(db, shipmentId), { reason, actor, noteId });
    return requirePushStart(db, shipmentId);
  });
  await deps.client.workflow.signalWithStart('pushShipment', changedPush(start, by, deps.queues));
}

async function voidUpstream(deps: Deps, dropshipId: string, change: Change): Promise<void> {
  const { merchantId } = await endsOf(deps.pool, dropshipId);
  const [start] = await readInAccount(deps.pool, merchantId, (db) => listDropshipStarts(db, [dropshipId]));
  if (!start) throw new DomainError('dropship_not_open', 'The dropship does not exist any more.');
  const answer = await portalMessenger(deps).voidShipment(start, change);
  if (answer.outcome !== 'refused' || answer.code === 'shipment_voided') return;
  throw new DomainError(isErrorCode(answer.code) ? answer.code : 'unexpected', 'The dropship refuses the void.');
}

/** `answer`: says that the carrier has the parcel, and changes nothing. `reject`: there will be no money. `park`: a person decides. */
type Asking = LabelIds & { ifScanned: 'answer' | 'reject' | 'park' };

/** Asks for the money. Idempotent: a provider that was asked before says how far it is. */
export async function refundLabel(
  deps: Deps,
  { ifScanned, ...ids }: Asking,
): Promise<{ outcome: 'asked' | 'scanned' }> {
  const place = await placeOf(deps, ids);
  const refund = await askRefund(deps, place);
  deps.crashPoint('label.refund-asked');
  if (refund === 'scanned' && ifScanned === 'answer') return { outcome: 'scanned' };
  if (refund === 'scanned' && ifScanned === 'park')
    throw ApplicationFailure.nonRetryable('The carrier has a label that has no shipment.', 'label_without_shipment');
  await storeRefund(deps, place, refund === 'scanned' ? { refund: 'rejected', isFinal: true } : { refund });
  return { outcome: 'asked' };
}

async function askRefund(deps: Deps, { payerId, label }: PlacedLabel): Promise<RefundStatus | 'scanned'> {
  const row = await readInAccount(deps.pool, payerId, (db) => requirePurchase(db, label.id));
  const of = { shipmentId: row.providerShipmentId, providerLabelId: row.providerLabelId! };
  const { labelAccountId } = row;
  return withLabelAccount(deps, { accountId: payerId, labelAccountId }, async (provider) => {
    try {
      return await provider.refund(of);
    } catch (error) {
      if (isScanned(error)) return 'scanned';
      throw error;
    }
  });
}

const isScanned = (error: unknown): boolean =>
  error instanceof LabelError && error.fault.kind === 'refused' && error.fault.code === 'label_scanned';

/**
 * Stores how far the money is. The row with the money is looked up again tomorrow, until its days are over; its timeline gets the
 * end. `askedAt`: milliseconds, left out where it is asked for the first time.
 */
export async function storeRefund(
  deps: Pick<Deps, 'pool' | 'now'>,
  place: PlacedLabel,
  { refund, askedAt, isFinal = false }: { refund: RefundStatus; askedAt?: number; isFinal?: boolean },
): Promise<void> {
  const now = deps.now().getTime();
  const isAwaited = !isFinal && isLookedUp(refund, askedAt ?? now, now);
  await inBoth(deps, place, async (db, isPayer) => {
    const { id: labelId } = place.label;
    await noteRefund(db, labelId, { refund, lookAt: isAwaited && isPayer ? new Date(now + dayMs) : null });
    if (isAwaited || !isPayer || (refund !== 'refunded' && refund !== 'rejected')) return;
    const { orderId } = await requireLabel(db, labelId);
    const id = derivedId('event', labelId, refund);
    const actor = { kind: 'system', id: labelId } as const;
    await insertOrderEvent(db, { id, orderId, type: 'label_refunded', actor, data: { labelId, refund } });
  });
}

/** The shipment is void, and the provider has the request for the money. */
export async function closeLabelVoid(deps: Deps, ids: LabelIds): Promise<{ status: LabelStatus }> {
  const place = await placeOf(deps, ids);
  await inBoth(deps, place, async (db) => {
    if (!(await noteVoided(db, ids.labelId))) return;
    const { orderId, failure } = await requireLabel(db, ids.labelId);
    const actor = { kind: 'system', id: ids.labelId } as const;
    const data = { labelId: ids.labelId, ...(failure && { because: failure }) };
    await insertOrderEvent(db, { orderId, type: 'label_voided', actor, data });
  });
  return { status: 'voided' };
}
