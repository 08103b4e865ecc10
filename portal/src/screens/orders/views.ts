import type { OrderFilter } from '../../api/queries/orders.ts';
import type { Compact } from '../search.ts';
import type { OrdersSearch, OrderView } from '../search.ts';

export type Searched = Compact<OrdersSearch>;

const filters: Readonly<Record<OrderView, OrderFilter>> = {
  'to-ship': { status: ['awaiting_fulfillment'] },
  partly: { status: ['partially_shipped'] },
  'with-suppliers': { status: ['dropship_requested'] },
  attention: { attention: true },
  'cancel-requested': { cancelRequested: true },
  late: { late: true },
  shipped: { status: ['shipped'] },
  cancelled: { status: ['cancelled'] },
  // Each order once: those that were split have their parts below them.
  all: { parents: true },
};

const open: ReadonlySet<OrderView> = new Set(['to-ship', 'partly', 'with-suppliers', 'late', 'cancel-requested']);

/** What is open is shown by when it must ship, the rest by when it came. */
export const usualSort = (view: OrderView) => (open.has(view) ? 'shipBy' : '-createdAt');

export function filterOf({ view = 'to-ship', q, channel, supplier, side, sort }: Searched): OrderFilter {
  // A part is found by its own number, so a search leaves nothing out.
  const ofView = q !== undefined && view === 'all' ? {} : filters[view];
  return {
    ...ofView,
    sort: sort ?? usualSort(view),
    ...(q !== undefined && { q }),
    ...(channel !== undefined && { channelId: channel }),
    ...(supplier !== undefined && { supplierId: supplier }),
    ...(side !== undefined && { side }),
  };
}

interface Counts {
  readonly toShip: number;
  readonly partlyShipped: number;
  readonly withSuppliers: number;
  readonly late: number;
  readonly cancelRequested: number;
  readonly attention: number;
}

const counted: Partial<Record<OrderView, keyof Counts>> = {
  'to-ship': 'toShip',
  partly: 'partlyShipped',
  'with-suppliers': 'withSuppliers',
  late: 'late',
  'cancel-requested': 'cancelRequested',
  attention: 'attention',
};

/** The number beside a view's name, of the sides that are shown. */
export function countOf(view: OrderView, sides: readonly (Counts | null | undefined)[]): number | undefined {
  const name = counted[view];
  if (name === undefined) return undefined;
  const known = sides.filter((side) => side != null);
  return known.length === 0 ? undefined : known.reduce((sum, side) => sum + side[name], 0);
}
