import type { OrderAction, OrderDetail } from '../../api/queries/orders.ts';

/** Whether the service would take the command now. Its rules are the server's. */
export const allows = ({ actions }: OrderDetail, action: OrderAction): boolean =>
  actions.some((one) => one.action === action && one.allowed);

type Line = OrderDetail['lines'][number];

export const openUnits = ({ quantity, shipped, cancelled }: Line): number => quantity - shipped - cancelled;

export const sumOf = <T>(items: readonly T[], units: (item: T) => number): number =>
  items.reduce((sum, item) => sum + units(item), 0);

/** The merchant of an order that is supplied. */
export const merchantOf = ({ side, counterpart }: OrderDetail): string | undefined =>
  side === 'supplying' ? (counterpart?.name ?? undefined) : undefined;
