import { warehouseFor } from '../../domain/stock.ts';
import { unitsLeft, type LineUnits } from '../../domain/orders/order.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { isTopOfRemote } from '../orders/family.ts';
import { bumpVersions, changeCommitted, listOwnLevels, type LevelChange, type OwnLevel } from './stock.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * The effect of orders on stock (rules §6). The units of a line come from one warehouse: an own warehouse, which has them
 * committed, or a supplier's, whose figure is reduced by the lines that it does not contain yet. Each function here is part
 * of the transaction of its cause, under the order's row lock.
 */

type Line = LineUnits & { lineId: string; productId: string; warehouseId: string | null };
/** `dropshippedTo`: the supplier's warehouse of its dropship; `assignedTo`: that of its product's default supplier. */
type BoundLine = Line & { isOwn: boolean; dropshippedTo: string | null; assignedTo: string | null };

/**
 * Decides which warehouse the units of these leaves come from, after routing has decided who ships them. Idempotent.
 * @param options.inHouse lines without a dropship ship from an own warehouse, whatever their products say
 * @param options.ifGoodsOf does nothing unless one of these lines has units that come from a warehouse
 */
export async function bindLines(
  db: AccountDb,
  orderIds: readonly string[],
  { inHouse = false, ifGoodsOf }: { inHouse?: boolean; ifGoodsOf?: readonly string[] } = {},
): Promise<void> {
  const lines = (await readBinding(db, orderIds, ifGoodsOf)).map((line) => ({
    ...line,
    suppliers: line.dropshippedTo ?? (inHouse ? null : line.assignedTo),
  }));
  const moved = lines.filter(({ suppliers, ...line }) =>
    suppliers === null ? !line.isOwn : line.warehouseId !== suppliers,
  );
  if (moved.length === 0) return;
  const productIds = moved.map((line) => line.productId);
  const versions = await bumpVersions(db, productIds);
  const isInHouse = moved.some(({ suppliers }) => suppliers === null);
  const levels = isInHouse ? await listOwnLevels(db, productIds) : [];
  const changes: LevelChange[] = [];
  const bound = moved.map((line) => {
    const { lineId, productId } = line;
    const units = unitsLeft(line);
    if (line.isOwn) changes.push({ productId, warehouseId: line.warehouseId!, committed: -units });
    const warehouseId = line.suppliers ?? ownWarehouse(levels, line);
    if (line.suppliers === null) changes.push({ productId, warehouseId, committed: units });
    return { lineId, warehouseId, version: versions.get(productId)! };
  });
  await changeCommitted(db, changes);
  // No figure of the new supplier contains the line yet.
  await db.raw(
    `update order_lines l set warehouse_id = x."warehouseId", reserved_version = coalesce(l.reserved_version, x.version),
            supplier_reserved_version = null, shipped_before = l.shipped
     from jsonb_to_recordset(:bound::jsonb) as x("lineId" text, "warehouseId" text, version int)
     where l.id = x."lineId"`,
    { bound: JSON.stringify(bound) },
  );
}

/**
 * Units that a supplier rejected: its next figure promises them again, so that they count here again until the figure of
 * another supplier contains them. The caller has ended the dropship.
 */
export async function returnLines(db: AccountDb, orderId: string): Promise<void> {
  const rows = await db('order_lines')
    .where({ order_id: orderId })
    .whereNotNull('supplier_reserved_version')
    .select<{ id: string; product_id: string }[]>('id', 'product_id');
  await bumpVersions(
    db,
    rows.map((row) => row.product_id),
  );
  await db('order_lines')
    .whereIn(
      'id',
      rows.map((row) => row.id),
    )
    .update({ supplier_reserved_version: null });
  await bindLines(db, [orderId]);
}

/** Chooses, and commits the units in `levels`, so that the next line does not get them too. */
function ownWarehouse(levels: readonly OwnLevel[], line: Line): string {
  const ofProduct = levels.filter((level) => level.productId === line.productId);
  const warehouseId = warehouseFor(ofProduct, unitsLeft(line));
  const chosen = ofProduct.find((level) => level.warehouseId === warehouseId)!;
  chosen.committed += unitsLeft(line);
  return warehouseId;
}

async function readBinding(
  db: AccountDb,
  orderIds: readonly string[],
  goodsOf: readonly string[] | undefined,
): Promise<BoundLine[]> {
  const { rows } = await db.raw<{ rows: BoundLine[] }>(
    `select l.id as "lineId", l.product_id as "productId", l.quantity, l.shipped, l.cancelled, l.warehouse_id as "warehouseId",
            cw.id is not null and cw.supplier_id is null as "isOwn", dw.id as "dropshippedTo",
            case when p.fulfillment_type <> 'in_house' and l.shipped = 0 then pw.id end as "assignedTo"
     from order_lines l
     join orders o on o.id = l.order_id and o.status <> 'split'
     join products p on p.id = l.product_id
     left join warehouses cw on cw.id = l.warehouse_id
     left join dropships d on d.order_id = o.id and d.status not in ('cancelled', 'rejected', 'split')
     left join warehouses dw on dw.supplier_id = d.supplier_id
     left join product_suppliers ps on ps.product_id = p.id and ps.is_default
     left join warehouses pw on pw.supplier_id = ps.supplier_id
     where l.order_id = any(:orderIds) and l.requires_shipping
       and (:goodsOf::text[] is null or exists (select from order_lines g where g.id = any(:goodsOf) and g.requires_shipping))
     order by l.order_id, l.position`,
    { orderIds, goodsOf: goodsOf ?? null },
  );
  return rows;
}

/**
 * Units that shipped from an own warehouse are neither on hand nor committed any more, so that the available units stay.
 * On hand never goes below 0. @returns the units that were shipped beyond the count, by product
 */
export async function takeShipped(
  db: AccountDb,
  own: readonly OwnUnits[],
): Promise<{ productId: string; units: number }[]> {
  if (own.length === 0) return [];
  await bumpVersions(
    db,
    own.map((line) => line.productId),
  );
  const { rows } = await db.raw<{ rows: { productId: string; units: number }[] }>(
    `with sent as (select "productId" as product_id, "warehouseId" as warehouse_id, sum(units)::int as units
                   from jsonb_to_recordset(:own::jsonb) as x("productId" text, "warehouseId" text, units int) group by 1, 2),
          held as (select s.product_id, s.warehouse_id, s.physical_on_hand from stock s join sent using (product_id, warehouse_id)),
          taken as (update stock s set physical_on_hand = greatest(0, s.physical_on_hand - sent.units), committed = s.committed - sent.units
                    from sent where s.product_id = sent.product_id and s.warehouse_id = sent.warehouse_id)
     select product_id as "productId", sent.units - held.physical_on_hand as units
     from sent join held using (product_id, warehouse_id) where sent.units > held.physical_on_hand`,
    { own: JSON.stringify(own) },
  );
  return rows;
}

/** `shelf`: the own warehouse that the units left. `committedTo`: the own warehouse that the line's units come from now. */
type VoidedUnits = {
  lineId: string;
  productId: string;
  units: number;
  shelf: string | null;
  committedTo: string | null;
  isElsewhere: boolean;
};

/**
 * Units of a voided shipment are open again: committed in the line's warehouse, and on hand where they had left. Units that
 * shipped before their line had a product never left its stock, so they are only committed. The caller has voided it.
 */
export async function returnShipped(db: AccountDb, shipmentId: string): Promise<void> {
  const voided = await listVoided(db, shipmentId);
  await bumpVersions(
    db,
    voided.map((line) => line.productId),
  );
  const levels = voided.flatMap(({ productId, units, shelf, committedTo }) => [
    ...(shelf === null ? [] : [{ productId, warehouseId: shelf, onHand: units, committed: 0 }]),
    ...(committedTo === null ? [] : [{ productId, warehouseId: committedTo, onHand: 0, committed: units }]),
  ]);
  await db.raw(
    `insert into stock as s (account_id, product_id, warehouse_id, physical_on_hand, committed)
     select :accountId, "productId", "warehouseId", sum("onHand")::int, sum(committed)::int
     from jsonb_to_recordset(:levels::jsonb) as x("productId" text, "warehouseId" text, "onHand" int, committed int) group by 2, 3
     on conflict (account_id, product_id, warehouse_id) do update
     set physical_on_hand = s.physical_on_hand + excluded.physical_on_hand, committed = s.committed + excluded.committed`,
    { accountId: db.accountId, levels: JSON.stringify(levels) },
  );
  // The line's warehouse has to give these units too from now on.
  await db.raw(
    `update order_lines l set shipped_before = greatest(0, l.shipped_before - x.units)
     from jsonb_to_recordset(:moved::jsonb) as x("lineId" text, units int) where l.id = x."lineId"`,
    { moved: JSON.stringify(voided.filter((line) => line.isElsewhere)) },
  );
}

/** The units of a shipment that an own warehouse gave, or has to give from now on. */
async function listVoided(db: AccountDb, shipmentId: string): Promise<VoidedUnits[]> {
  const { rows } = await db.raw<{ rows: VoidedUnits[] }>(
    `select l.id as "lineId", l.product_id as "productId", u.quantity as units,
            u.warehouse_id is distinct from l.warehouse_id as "isElsewhere",
            own.id as shelf, bound.id as "committedTo"
     from shipment_lines u
     join order_lines l on l.id = u.line_id and l.product_id is not null
     left join warehouses own on own.id = u.warehouse_id and own.supplier_id is null
     left join warehouses bound on bound.id = l.warehouse_id and bound.supplier_id is null
     where u.shipment_id = :shipmentId
       and (own.id is not null or bound.id is not null or u.warehouse_id is distinct from l.warehouse_id)`,
    { shipmentId },
  );
  return rows;
}

/**
 * Cancels units of lines and releases their committed stock. In a supplier's warehouse the line simply counts less.
 * @param lines open units, checked by the caller; a CHECK constraint is the safety net
 */
export async function cancelUnits(db: AccountDb, lines: readonly ShipmentLine[]): Promise<void> {
  await db.raw(
    `update order_lines l set cancelled = l.cancelled + x.quantity
     from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, quantity int) where l.id = x."lineId"`,
    { lines: JSON.stringify(lines) },
  );
  const bound = await listUnits(db, lines);
  await bumpVersions(
    db,
    bound.map((line) => line.productId),
  );
  await changeCommitted(
    db,
    bound.filter((line) => line.isOwn).map((line) => ({ ...line, committed: -line.units })),
  );
}

/**
 * Changes the units of lines, and their committed stock: by `more` open units than before, below 0 for less. None of them
 * has shipped. `cancelledInShop`: of the units as they are then.
 */
export async function changeUnits(
  db: AccountDb,
  lines: readonly { lineId: string; quantity: number; cancelled: number; cancelledInShop: number; more: number }[],
): Promise<void> {
  await db.raw(
    `update order_lines l set quantity = x.quantity, cancelled = x.cancelled,
            cancel_requested = least(l.cancel_requested, x.quantity),
            cancelled_in_shop = least(x.quantity, greatest(x.cancelled, x."cancelledInShop")), let_ship = least(l.let_ship, x.quantity)
     from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, quantity int, cancelled int, "cancelledInShop" int) where l.id = x."lineId"`,
    { lines: JSON.stringify(lines) },
  );
  const bound = await listUnits(
    db,
    lines.map(({ lineId, more }) => ({ lineId, quantity: more })),
  );
  await bumpVersions(
    db,
    bound.map((line) => line.productId),
  );
  await changeCommitted(
    db,
    bound.filter((line) => line.isOwn).map((line) => ({ ...line, committed: line.units })),
  );
}

/**
 * Units that the shop sells again by itself, whatever happens to them here: it does not show our figure any more, so the
 * products of these lines need sync again.
 */
export async function leaveUncovered(db: AccountDb, lineIds: readonly string[]): Promise<void> {
  const rows = await db('order_lines')
    .whereIn('id', lineIds)
    .whereNotNull('product_id')
    .select<{ product_id: string }[]>('product_id');
  await bumpVersions(
    db,
    rows.map((row) => row.product_id),
  );
}

/** The supplier's figure contains these lines from that version on. By the merchant's own line ids. Idempotent. */
export async function markReserved(
  db: AccountDb,
  lines: readonly { lineId: string; version: number }[],
): Promise<void> {
  const { rows } = await db.raw<{ rows: { productId: string }[] }>(
    `with stamped as (update order_lines l set supplier_reserved_version = x.version
                   from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, version int)
                   where l.id = x."lineId" and l.supplier_reserved_version is null
                   returning l.product_id, l.warehouse_id, x.version)
     select distinct stamped.product_id as "productId" from stamped
     join stock s on s.product_id = stamped.product_id and s.warehouse_id = stamped.warehouse_id
     where s.applied_version >= stamped.version`,
    { lines: JSON.stringify(lines) },
  );
  // Where that figure is here already, the line stops counting now, which changes the available units.
  await bumpVersions(
    db,
    rows.map((row) => row.productId),
  );
}

/** The versions that contain the lines of a received order, by remote line id, over all its leaves. */
export async function listReservedVersions(
  db: AccountDb,
  dropshipIds: readonly string[],
): Promise<{ lineId: string; version: number }[]> {
  const { rows } = await db.raw<{ rows: { lineId: string; version: number }[] }>(
    `select l.remote_line_id as "lineId", max(l.reserved_version) as version
     from orders root
     join orders o on o.channel_id = root.channel_id and o.remote_id = root.remote_id
     join order_lines l on l.order_id = o.id and l.reserved_version is not null
     where root.dropship_id = any(:dropshipIds) and ${isTopOfRemote('root')}
     group by root.dropship_id, l.remote_line_id`,
    { dropshipIds },
  );
  return rows;
}

/** Units of a product in an own warehouse. */
export type OwnUnits = { productId: string; warehouseId: string; units: number };
type BoundUnits = OwnUnits & { isOwn: boolean };

async function listUnits(db: AccountDb, lines: readonly ShipmentLine[]): Promise<BoundUnits[]> {
  const { rows } = await db.raw<{ rows: BoundUnits[] }>(
    `select l.product_id as "productId", l.warehouse_id as "warehouseId", x.quantity as units, w.supplier_id is null as "isOwn"
     from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, quantity int)
     join order_lines l on l.id = x."lineId" join warehouses w on w.id = l.warehouse_id`,
    { lines: JSON.stringify(lines) },
  );
  return rows;
}
