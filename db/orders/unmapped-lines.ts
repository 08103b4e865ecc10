import type { ErrorCode } from '../../domain/errors.ts';
import { downFrom } from './family.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A line that means no product. `orderId`: of the leaf that it is on. */
export type UnmappedLine = {
  orderId: string;
  lineId: string;
  remoteLineId: string;
  remoteProductId: string | null;
  sku: string;
  name: string;
};

/** Whether a line of goods means no product and has open units. @param line the alias of `order_lines` in the query */
export const isUnmapped = (line: string): string =>
  `${line}.product_id is null and ${line}.requires_shipping and ${line}.quantity > ${line}.shipped + ${line}.cancelled`;

/** Of these orders and their leaves. `root`: the order that was named. */
export async function listUnmappedLines(
  db: AccountDb,
  orderIds: readonly string[],
): Promise<(UnmappedLine & { root: string })[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: (UnmappedLine & { root: string })[] }>(
    `select f.root_id as root, l.order_id as "orderId", l.id as "lineId", l.remote_line_id as "remoteLineId",
            l.remote_product_id as "remoteProductId", l.sku, l.name
     from ${downFrom('o.id = any(:orderIds)')} f
     join orders leaf on leaf.id = f.id and leaf.status <> 'split'
     join order_lines l on l.order_id = leaf.id and ${isUnmapped('l')}
     order by length(leaf.number), leaf.number, l.position`,
    { orderIds },
  );
  return rows;
}

/** Adds the lines that an order waits for. They stay in its account: their names are texts of the shop. */
export async function withLines<T extends { code: ErrorCode; orderId: string | null }>(
  db: AccountDb,
  attentions: readonly T[],
): Promise<(T & { lines?: UnmappedLine[] })[]> {
  const waiting = attentions.flatMap(({ code, orderId }) =>
    code === 'unmapped_sku' && orderId !== null ? orderId : [],
  );
  const lines = await listUnmappedLines(db, waiting);
  return attentions.map((attention) => {
    const own = lines.filter(({ root }) => attention.code === 'unmapped_sku' && root === attention.orderId);
    return own.length === 0 ? attention : { ...attention, lines: own.map(({ root: _, ...line }) => line) };
  });
}
