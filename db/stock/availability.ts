import { isNotIn } from './versions.ts';

/**
 * SQL: the units of product `p` that warehouse `w` can promise, where `s` is its row of stock or null (rules §6). Below 0
 * when more was sold than there is. An own warehouse promises the units on hand that are not committed. A supplier's
 * promises the reported units, less the units of own lines that this figure does not contain yet, open or shipped by the
 * supplier. A withdrawn warehouse promises nothing, and its old lines take nothing away from other warehouses.
 */
export const availableInWarehouse = `(
  case when w.supplier_id is null then coalesce(s.physical_on_hand - s.committed, 0)
       when s.withdrawn then 0
       else coalesce(s.physical_on_hand, 0) - coalesce((
         select sum(l.quantity - l.cancelled - l.shipped_before) from order_lines l
         where l.product_id = p.id and l.warehouse_id = w.id and l.cancelled < l.quantity
           and ${isNotIn('l', 's.applied_version')}), 0)
  end)`;

const sumOver = (warehouses: string) => `(
  select coalesce(sum(${availableInWarehouse}), 0)::float8 from warehouses w
  left join stock s on s.product_id = p.id and s.warehouse_id = w.id
  where ${warehouses})`;

/** SQL: over all warehouses, for shops. */
export const availableAnywhere = sumOver('true');

/** SQL: over own warehouses, for portals: a figure that a supplier reported must not be reported again. */
export const availableInOwn = sumOver('w.supplier_id is null');
