/**
 * The walks over an order's family, as SQL: an order that was split is the parent of its leaves, and a leaf may be split
 * again. Each walk is a table of `root_id` and `id`; join `orders` for more.
 */

/** Orders, and all that they were split into. @param start which orders, as a condition on `o` */
export const downFrom = (start: string): string => `(
  with recursive family as (
    select o.id as root_id, o.id from orders o where ${start}
    union all
    select f.root_id, o.id from family f join orders o on o.parent_id = f.id)
  select root_id, id from family)`;

/** Orders, and all that they were split from. @param start which orders, as a condition on `o` */
export const upFrom = (start: string): string => `(
  with recursive family as (
    select o.id as root_id, o.id, o.parent_id from orders o where ${start}
    union all
    select f.root_id, o.id, o.parent_id from family f join orders o on o.id = f.parent_id)
  select root_id, id from family)`;

/**
 * All leaves of an order that came from a channel have its remote id. The topmost of them stands for the order there; it
 * has a parent only where a dropship was split, so that its leaves became dropships of their own.
 * @param orders the table or its alias
 */
export const isTopOfRemote = (orders: string): string =>
  `not exists (select from orders above where above.id = ${orders}.parent_id and above.remote_id = ${orders}.remote_id)`;

const received = (which: string) => `
  select o.id from orders r
  join orders o on o.channel_id = r.channel_id and o.remote_id = r.remote_id${which}
  where r.dropship_id = :dropshipId and ${isTopOfRemote('r')}`;

/** The ids of the supplier's order that came by the dropship `:dropshipId`, and of all that it was split into. */
export const familyReceived = received('');

/** The ids of its leaves alone. */
export const leavesReceived = received(" and o.status <> 'split'");
