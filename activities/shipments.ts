import { ApplicationFailure } from '@temporalio/common';
import { DomainError } from '../domain/errors.ts';
import { assertTakesShipments } from '../domain/shipment-route.ts';
import { refreshDropshipStatus } from '../db/dropships.ts';
import { storeAnswer } from '../db/idempotency.ts';
import { insertOrderEvent } from '../db/order-events.ts';
import { requireOrder } from '../db/order-view.ts';
import { lockOrder } from '../db/orders.ts';
import { claimPush, confirmPush, freePush, type PushJob } from '../db/pushes.ts';
import {
  findShipment,
  insertShipment,
  listRemoteUnits,
  markPushed,
  markRelayed,
  requireShipment,
  resolveRemoteLines,
  type Shipment,
} from '../db/shipments.ts';
import { withAccount } from '../db/with-account.ts';
import type { RecordShipmentInput } from '../workflows/dropship.ts';
import type { Deps } from './deps.ts';
import { withChannel } from './open-channel.ts';
import { ownerOfOrder, partiesOf } from './owners.ts';

/** The supplier's shipment as recorded: ids, quantities, carrier and tracking. */
export type RecordedShipment = Shipment;

export const createShipmentActivities = (deps: Deps) => ({
  recordShipment: (input: RecordShipmentInput & { dropshipId: string }) => recordShipment(deps, input),
  relayShipment: (input: { dropshipId: string; shipmentId: string }) => relayShipment(deps, input),
  pushShipment: (input: { orderId: string; shipmentId: string }) => pushShipment(deps, input),
});

/** Writes a supplier's shipment into its account, with the request's key. A known shipment changes nothing. */
async function recordShipment(
  deps: Deps,
  input: RecordShipmentInput & { dropshipId: string },
): Promise<RecordedShipment> {
  const { pool, crashPoint } = deps;
  const { supplierId } = await partiesOf(pool, input.dropshipId);
  const recorded = await withAccount(pool, supplierId, async (db) => {
    if (!(await findShipment(db, input.shipmentId))) {
      const orderId = requireOrderId(input);
      await lockOrder(db, orderId);
      // Its account may have handed it on, or split it, since the message was sent.
      assertTakesShipments(await requireOrder(db, orderId));
      const lines = await resolveRemoteLines(db, orderId, input.lines);
      await insertShipment(db, { ...input, id: input.shipmentId, orderId, lines }, { kind: 'account', id: input.by });
    }
    const shipment = await requireShipment(db, input.shipmentId);
    if (input.key) await storeAnswer(db, { ...input.key, status: 201, answer: shipment });
    return shipment;
  });
  crashPoint('shipment.supplier-committed');
  return recorded;
}

/** Copies a supplier's shipment to the merchant's order, under the same id. @returns the merchant's leaf */
async function relayShipment(
  deps: Deps,
  {
    dropshipId,
    shipmentId,
  }: {
    dropshipId: string;
    shipmentId: string;
  },
): Promise<{ orderId: string }> {
  const { pool, crashPoint } = deps;
  const { dropship, merchantId, supplierId } = await partiesOf(pool, dropshipId);
  const told = await withAccount(pool, supplierId, async (db) => ({
    shipment: await requireShipment(db, shipmentId),
    units: await listRemoteUnits(db, shipmentId),
  }));
  const { orderId } = dropship;
  await withAccount(pool, merchantId, async (db) => {
    await lockOrder(db, orderId);
    await insertShipment(
      db,
      { ...copyOf(told.shipment), orderId, dropshipId, lines: told.units },
      { kind: 'supplier', id: dropship.supplierId },
    );
    await refreshDropshipStatus(db, dropshipId);
  });
  crashPoint('shipment.merchant-committed');
  await withAccount(pool, supplierId, async (db) => {
    if (!(await markRelayed(db, shipmentId))) return;
    await insertOrderEvent(db, {
      orderId: told.shipment.orderId,
      type: 'shipment_relayed',
      actor: { kind: 'system', id: dropshipId },
      data: { shipmentId },
    });
  });
  return { orderId };
}

/** Brings a shipment to the channel of its order and reads it back. What is there already is found, not repeated. */
async function pushShipment(
  deps: Deps,
  {
    orderId,
    shipmentId,
  }: {
    orderId: string;
    shipmentId: string;
  },
): Promise<{ remoteIds: string[] }> {
  const { pool, crashPoint } = deps;
  const accountId = await ownerOfOrder(pool, orderId);
  const job = await withAccount(pool, accountId, (db) => claimPush(db, orderId, shipmentId));
  if (!job) throw busy();
  const pushed = job.isConfirmed
    ? { remoteIds: job.remoteIds, found: true }
    : await push(deps, { accountId, orderId, job });
  crashPoint('push.read-back');
  await withAccount(pool, accountId, (db) => confirmPush(db, { orderId, shipmentId, ...pushed }));
  if (job.dropshipId !== null) await tellSupplier(deps, job.dropshipId, { shipmentId, remoteIds: pushed.remoteIds });
  return { remoteIds: pushed.remoteIds };
}

function requireOrderId({ orderId, shipmentId }: RecordShipmentInput): string {
  if (orderId === undefined) throw new DomainError('shipment_not_found', `Shipment ${shipmentId} is not recorded.`);
  return orderId;
}

/** Field by field: what is not named here does not cross back to the merchant. */
function copyOf(shipment: Shipment) {
  const { id, carrier, carrierName, trackingNumber, trackingUrl, service, shippedAt } = shipment;
  return { id, carrier, carrierName, trackingNumber, trackingUrl, service, shippedAt };
}

const busy = () =>
  ApplicationFailure.create({
    type: 'push_in_progress',
    message: 'Another shipment of this order is being pushed.',
    nextRetryDelay: '500ms',
    category: 'BENIGN',
  });

async function push(deps: Deps, { accountId, orderId, job }: { accountId: string; orderId: string; job: PushJob }) {
  const { channelId, shipmentId } = job;
  try {
    deps.crashPoint('push.looked-up');
    const { remoteIds, found } = await withChannel(deps, { accountId, channelId }, (channel) =>
      channel.pushShipment({ ...job, notifyBuyer: true }),
    );
    deps.crashPoint('push.sent');
    return { remoteIds, found };
  } catch (error) {
    await withAccount(deps.pool, accountId, (db) => freePush(db, orderId, shipmentId));
    throw error;
  }
}

/** The supplier sees how far its parcel travelled. */
async function tellSupplier(
  { pool }: Deps,
  dropshipId: string,
  { shipmentId, remoteIds }: { shipmentId: string; remoteIds: string[] },
): Promise<void> {
  const { supplierId } = await partiesOf(pool, dropshipId);
  await withAccount(pool, supplierId, (db) => markPushed(db, shipmentId, remoteIds));
}
