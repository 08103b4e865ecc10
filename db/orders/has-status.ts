import type { OrderStatus } from '../../domain/orders/order.ts';

/** SQL: whether an order has one of these statuses. Written out, so that partial indexes serve it. */
export const hasStatus = (order: string, statuses: readonly OrderStatus[]): string =>
  `${order}.status in (${statuses.map((status) => `'${status}'`).join(', ')})`;
