import { isNotIn } from './versions.ts';

/**
 * Units of product `p` that warehouse `w` can promise, where `s` is its row of stock or null (domain rules §6), as SQL.
 * Below 0 when more was sold than there is. An own warehouse has what is on hand and not committed. A supplier's has
 * what the supplier reported, less the units of own lines which that figure does not contain yet, open or shipped by the
 * supplier; once it is withdrawn nothing is promised from there, and its old lines take nothing away from other warehouses.
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

/** Over all warehouses: what a shop is told. */
export const availableAnywhere = sumOver('true');

/** What lies in own warehouses: what a supplier's portals are told, so that nobody passes on what another reported. */
export const availableInOwn = sumOver('w.supplier_id is null');
