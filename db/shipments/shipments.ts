import { DomainError } from '../../domain/errors.ts';
import type { Money } from '../../domain/orders/order.ts';
import type { Actor } from '../../domain/account.ts';
import type { VoidReason } from '../../domain/shipments/corrections.ts';
import type { ShipmentMethod } from '../../domain/shipments/method.ts';
import { merged, type ShipmentLine, type ShipmentStatus, type Tracking } from '../../domain/shipments/shipment.ts';
import { closeDecisions } from '../orders/decisions.ts';
import { insertOrderEvents, type NewEvent } from '../orders/events.ts';
import { refreshStatus } from '../orders/orders.ts';
import { bindLines, takeShipped, type OwnUnits } from '../stock/of-orders.ts';
import { moneyOf } from '../engine/money.ts';
import { planForValues, readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * `relayedAt`: the merchant has it; `pushedAt`: it was sent to the shop; `confirmedAt`: the shop is known to show it. All
 * of them belong to the present revision: a correction goes the whole way again.
 */
export type Shipment = {
  id: string;
  orderId: string;
  dropshipId: string | null;
  method: ShipmentMethod;
  /** A code of domain/shipments/carriers.ts. A shipment that is not tracked may have no carrier. */
  carrier: string | null;
  carrierName: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  service: string | null;
  shippedAt: string;
  /** Entered with it, or of its label; of a supplier's shipment, where the supplier shares it. */
  labelCost: Money | null;
  lines: ShipmentLine[];
  status: ShipmentStatus;
  revision: number;
  voidReason: VoidReason | null;
  remoteIds: string[];
  relayedAt: string | null;
  pushedAt: string | null;
  confirmedAt: string | null;
  createdAt: string;
};

/** A shipment to record; `lines` by the line ids of the order's own account, quantities in units. */
type NewShipment = {
  id: string;
  orderId: string;
  dropshipId: string | null;
  /** Left out: tracked. */
  method?: ShipmentMethod | undefined;
  carrier: string | null;
  carrierName: string | null;
  trackingNumber: string | null;
  trackingUrl?: string | null | undefined;
  service?: string | null | undefined;
  shippedAt: string;
  labelCost?: Money | null | undefined;
  lines: readonly ShipmentLine[];
  /** Left out: the first. */
  revision?: number;
  /** Given for a supplier's shipment that reaches its merchant: its units come from no own stock. */
  relayed?: {
    /** The channel that shows it as soon as the merchant has it, as nobody is to be called; it needs no push. */
    shownIn: string | null;
  };
};

/**
 * Records a shipment and moves its units from open to shipped, once: a repeat by id changes nothing. The caller holds
 * the order's row lock (`lockOrder`) and has checked the quantities; a CHECK constraint is the safety net.
 * @returns null for a shipment that was recorded before
 */
export async function insertShipment(db: AccountDb, shipment: NewShipment, actor: Actor): Promise<Shipment | null> {
  const shownIn = shipment.relayed?.shownIn ?? null;
  const rows = await db('shipments')
    .insert({
      account_id: db.accountId,
      id: shipment.id,
      order_id: shipment.orderId,
      dropship_id: shipment.dropshipId,
      method: shipment.method ?? 'tracked',
      carrier: shipment.carrier,
      carrier_name: shipment.carrierName,
      tracking_number: shipment.trackingNumber,
      tracking_url: shipment.trackingUrl ?? null,
      service: shipment.service ?? null,
      shipped_at: shipment.shippedAt,
      revision: shipment.revision ?? 1,
      label_cost_minor: shipment.labelCost?.amount ?? null,
      label_cost_currency: shipment.labelCost?.currency ?? null,
      ...(shownIn !== null && { ...shownNow(db, shipment), ...sentNow(shipment) }),
    })
    .onConflict(['account_id', 'id'])
    .ignore()
    .returning<Omit<Row, 'lines'>[]>(columns);
  const [row] = rows;
  if (!row) return null;
  // Before its units count as shipped: an in-house shipment takes them from an own warehouse.
  const shipped = shipment.lines.map(({ lineId }) => lineId);
  await bindLines(db, [shipment.orderId], { inHouse: true, ifGoodsOf: shipped });
  const fromOwn = await insertLines(db, shipment);
  const refreshed = await refreshStatus(db, shipment.orderId);
  await closeDecisions(db, { ...refreshed, orderId: shipment.orderId, action: 'skip', actor });
  const shortfalls = shipment.relayed ? [] : await takeFromStock(db, shipment, fromOwn);
  await insertOrderEvents(db, [...shortfalls, ...eventsOf(shipment, actor)]);
  return toShipment({ ...row, lines: shipment.lines.toSorted((one, other) => (one.lineId < other.lineId ? -1 : 1)) });
}

/** What a row says once its channel shows this revision. The remote id is ours, as nobody was called. */
const shownNow = (db: AccountDb, { id, revision = 1 }: Pick<NewShipment, 'id' | 'revision'>) => ({
  pushed_revision: revision,
  pushed_at: db.fn.now(),
  confirmed_at: db.fn.now(),
  remote_ids: [id],
});

const sentNow = (shipment: NewShipment) => ({
  sent_revision: shipment.revision ?? 1,
  sent_tracking: JSON.stringify(sentTracking(shipment)),
});

type Sent = Pick<NewShipment, 'method' | 'carrier' | 'carrierName' | 'trackingNumber' | 'trackingUrl'>;

/** A shipment's tracking as a channel gets it. */
export const sentTracking = ({
  method = 'tracked',
  carrier,
  carrierName,
  trackingNumber,
  trackingUrl,
}: Sent): Tracking => ({
  method,
  carrier,
  carrierName,
  number: trackingNumber,
  ...(trackingUrl != null && { url: trackingUrl }),
});

function eventsOf(shipment: NewShipment, actor: Actor): NewEvent[] {
  const { id: shipmentId, orderId, lines, relayed } = shipment;
  const data = { shipmentId, ...shownOf(shipment), lines };
  const recorded: NewEvent = { orderId, type: 'shipment_recorded', actor, data };
  if (relayed === undefined || relayed.shownIn === null) return [recorded];
  const shown = { shipmentId, remoteIds: [shipmentId], found: false };
  return [recorded, { orderId, type: 'shipment_pushed', actor: { kind: 'channel', id: relayed.shownIn }, data: shown }];
}

const shownOf = ({ method = 'tracked', carrier, trackingNumber }: NewShipment) => ({ method, carrier, trackingNumber });

/** @returns the units that come from own warehouses */
async function insertLines(db: AccountDb, { id, orderId, lines }: NewShipment): Promise<OwnUnits[]> {
  const { rows } = await db.raw<{ rows: (OwnUnits & { isOwn: boolean })[] }>(
    `with sent as (select line_id, quantity from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, quantity int), lateral (select "lineId" as line_id) n),
          inserted as (insert into shipment_lines (account_id, shipment_id, line_id, quantity, warehouse_id)
                       select :accountId, :id, line_id, sent.quantity, bound.warehouse_id from sent
                       left join order_lines bound on bound.id = line_id)
     update order_lines l set shipped = shipped + sent.quantity from sent where l.id = sent.line_id and l.order_id = :orderId
     returning l.product_id as "productId", l.warehouse_id as "warehouseId", sent.quantity as units,
               exists (select from warehouses w where w.id = l.warehouse_id and w.supplier_id is null) as "isOwn"`,
    { lines: JSON.stringify(lines), accountId: db.accountId, id, orderId },
  );
  return rows.filter((row) => row.isOwn);
}

/** Units that this account ships itself leave its stock. @returns the events of units beyond the count */
async function takeFromStock(
  db: AccountDb,
  { id, orderId }: NewShipment,
  fromOwn: readonly OwnUnits[],
): Promise<NewEvent[]> {
  const beyond = await takeShipped(db, fromOwn);
  return beyond.map(({ productId, units }) => ({
    orderId,
    type: 'stock_shortfall',
    actor: { kind: 'system', id },
    data: { shipmentId: id, productId, units },
  }));
}

type Row = {
  id: string;
  order_id: string;
  dropship_id: string | null;
  method: ShipmentMethod;
  carrier: string | null;
  carrier_name: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  service: string | null;
  shipped_at: Date;
  // A bigint, which pg gives as text; it fits a number.
  label_cost_minor: string | null;
  label_cost_currency: string | null;
  status: ShipmentStatus;
  revision: number;
  void_reason: VoidReason | null;
  remote_ids: string[];
  relayed_at: Date | null;
  pushed_at: Date | null;
  confirmed_at: Date | null;
  created_at: Date;
  lines: ShipmentLine[];
};

const columns = [
  'id', 'order_id', 'dropship_id', 'method', 'carrier', 'carrier_name', 'tracking_number', 'tracking_url', 'service',
  'shipped_at', 'label_cost_minor', 'label_cost_currency', 'status', 'revision', 'void_reason', 'remote_ids', 'relayed_at', 'pushed_at', 'confirmed_at', 'created_at',
]; // prettier-ignore

const shipmentsWithLines = (db: AccountDb) =>
  db<Row>('shipments').select(columns).select<Row[]>(
    db.raw(`(select coalesce(json_agg(json_build_object('lineId', l.line_id, 'quantity', l.quantity) order by l.line_id), '[]')
             from shipment_lines l where l.shipment_id = shipments.id) as lines`),
  ); // prettier-ignore

const toShipment = (row: Row): Shipment => ({
  id: row.id,
  orderId: row.order_id,
  dropshipId: row.dropship_id,
  method: row.method,
  carrier: row.carrier,
  carrierName: row.carrier_name,
  trackingNumber: row.tracking_number,
  trackingUrl: row.tracking_url,
  service: row.service,
  shippedAt: row.shipped_at.toISOString(),
  labelCost: moneyOf(row.label_cost_minor, row.label_cost_currency),
  lines: row.lines,
  status: row.status,
  revision: row.revision,
  voidReason: row.void_reason,
  remoteIds: row.remote_ids,
  relayedAt: row.relayed_at?.toISOString() ?? null,
  pushedAt: row.pushed_at?.toISOString() ?? null,
  confirmedAt: row.confirmed_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
});

export const shipmentNotFound = () => new DomainError('shipment_not_found', 'There is no shipment with this id.');

/** @throws DomainError `shipment_not_found` */
export async function requireShipment(db: AccountDb, id: string): Promise<Shipment> {
  const rows: Row[] = await shipmentsWithLines(db).where({ id });
  if (!rows[0]) throw shipmentNotFound();
  return toShipment(rows[0]);
}

export async function findShipment(db: AccountDb, id: string): Promise<Shipment | undefined> {
  const rows: Row[] = await shipmentsWithLines(db).where({ id });
  return rows[0] && toShipment(rows[0]);
}

export type ShipmentFilter = { recordedAfter?: string | undefined };

/** The shipments of the account, those recorded last first. */
export async function listShipments(
  db: AccountDb,
  { recordedAfter }: ShipmentFilter,
  page: PageRequest,
): Promise<Page<Shipment>> {
  await planForValues(db, [recordedAfter]);
  const query = shipmentsWithLines(db);
  if (recordedAfter !== undefined) void query.where('created_at', '>', recordedAfter);
  return readPage(query, { ...page, column: 'shipments.created_at', idColumn: 'shipments.id' }, toShipment);
}

/**
 * Shows the supplier that the merchant has it, and where nobody is called that it is in the shop. Idempotent.
 * @returns the shipment as it is now; null when this was noted before
 */
export async function markRelayed(
  db: AccountDb,
  { id, revision, lines }: Pick<Shipment, 'id' | 'revision' | 'lines'>,
  { isShown }: { isShown: boolean },
): Promise<Shipment | null> {
  const [row] = await db('shipments')
    .where({ id, revision })
    .whereNull('relayed_at')
    .update({ relayed_at: db.fn.now(), ...(isShown && shownNow(db, { id, revision })) })
    .returning<Omit<Row, 'lines'>[]>(columns);
  return row ? toShipment({ ...row, lines }) : null;
}

/** The units of a shipment by remote line ids: on a supplier's order these are the merchant's line ids. */
export async function listRemoteUnits(db: AccountDb, id: string): Promise<ShipmentLine[]> {
  return db('shipment_lines as s')
    .join('order_lines as l', 'l.id', 's.line_id')
    .where('s.shipment_id', id)
    .select<ShipmentLine[]>({ lineId: 'l.remote_line_id', quantity: 's.quantity' });
}

/** The same units by the order's own line ids, each line once. @throws DomainError `line_not_found` */
export async function resolveRemoteLines(
  db: AccountDb,
  orderId: string,
  units: readonly ShipmentLine[],
): Promise<ShipmentLine[]> {
  const lines = await db('order_lines')
    .where({ order_id: orderId })
    .select<{ id: string; remote_line_id: string }[]>('id', 'remote_line_id');
  return merged(units).map(({ lineId, quantity }) => {
    const line = lines.find((candidate) => candidate.remote_line_id === lineId);
    if (!line) throw new DomainError('line_not_found', `Line ${lineId} is not a line of this order.`);
    return { lineId: line.id, quantity };
  });
}

/**
 * Notes that a channel shows this revision of the shipment. Idempotent.
 * @param shown.isSent false where nothing was sent, as the shipment was voided before
 * @returns the row as it is now; null when this was noted before
 */
export async function markPushed(
  db: AccountDb,
  shown: { shipmentId: string; revision: number; remoteIds: readonly string[]; isSent: boolean },
): Promise<Pick<Shipment, 'orderId' | 'revision' | 'status'> | null> {
  const { shipmentId: id, revision, remoteIds, isSent } = shown;
  const now = db.raw('case when revision = ? then now() end', [revision]);
  const change = { pushed_revision: revision, confirmed_at: now, ...(isSent && { pushed_at: now }) };
  const isBehind = '(pushed_revision is null or pushed_revision < ?)';
  const [row] = await db('shipments')
    .where({ id })
    .where('revision', '>=', revision)
    .whereRaw(isBehind, [revision])
    .update({ ...change, remote_ids: remoteIds as string[] })
    .returning<Pick<Row, 'order_id' | 'revision' | 'status'>[]>(['order_id', 'revision', 'status']);
  return row ? { orderId: row.order_id, revision: row.revision, status: row.status } : null;
}
