import type { CustomsLine } from '../../domain/labels/customs.ts';
import { moneyOf } from '../engine/money.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Row = {
  id: string;
  sku: string;
  name: string;
  weight_grams: number | null;
  hs_code: string | null;
  origin_country: string | null;
  // Bigints, which pg gives as text; both fit a number.
  value_minor: string | null;
  value_currency: string | null;
};

/** Lines of an order with what customs asks. The value of a product without one is the price of its line. */
export async function listCustomsLines(db: AccountDb, lineIds: readonly string[]): Promise<CustomsLine[]> {
  const rows = await db('order_lines as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .leftJoin('products as p', 'p.id', 'l.product_id')
    .whereRaw('l.id = any(?)', [lineIds as string[]])
    .select<Row[]>(
      'l.id',
      'l.sku',
      'l.name',
      'p.weight_grams',
      'p.hs_code',
      'p.origin_country',
      db.raw('coalesce(p.customs_value_minor, nullif(l.unit_price_minor, 0)) as value_minor'),
      db.raw(
        'case when p.customs_value_minor is null then o.currency else p.customs_value_currency end as value_currency',
      ),
    );
  return rows.map((row) => ({
    lineId: row.id,
    sku: row.sku,
    name: row.name,
    weightGrams: row.weight_grams,
    hsCode: row.hs_code,
    originCountry: row.origin_country,
    customsValue: moneyOf(row.value_minor, row.value_currency),
  }));
}
