import * as z from 'zod/mini';

// What stands behind `?` in the addresses. Views are links, so each is a parameter; what is not known is left out.

const text = z.catch(z.optional(z.string()), undefined);
const oneOf = <const T extends readonly string[]>(values: T) => z.catch(z.optional(z.enum(values)), undefined);

export const orderViews = ['to-ship', 'partly', 'with-suppliers', 'attention', 'cancel-requested', 'late', 'shipped', 'cancelled', 'all'] as const; // prettier-ignore
export type OrderView = (typeof orderViews)[number];
export const sides = ['selling', 'supplying'] as const;
export type Side = (typeof sides)[number];

export const ordersSearch = z.object({
  view: oneOf(orderViews),
  q: text,
  channel: text,
  supplier: text,
  side: oneOf(sides),
  sort: oneOf(['shipBy', '-shipBy', 'placedAt', '-placedAt', '-createdAt']),
});
export type OrdersSearch = z.infer<typeof ordersSearch>;

export const stockViews = ['all', 'needs-sync', 'oversold', 'suspended'] as const;
export const inventorySearch = z.object({ view: oneOf(stockViews), q: text, warehouse: text });
export type StockView = (typeof stockViews)[number];
export const attentionSearch = z.object({ code: text, q: text });
export const activitySearch = z.object({ channel: text, task: text, status: text });
/** `add`: the set-up of another channel. */
export const channelsSearch = z.object({ add: oneOf(['1']) });
export const productsSearch = z.object({ q: text, supplier: text, type: text, unassigned: oneOf(['1']) });
export const supportAges = ['1h', '1d', '3d'] as const;
export const supportSearch = z.object({ q: text, code: text, account: text, age: oneOf(supportAges) });
export const signInSearch = z.object({ to: text });

/** Leaves out what is undefined, so that addresses stay short and links compare. */
export const parsed =
  <T extends Readonly<Record<string, unknown>>>(schema: { parse: (given: unknown) => T }) =>
  (given: Record<string, unknown>): Compact<T> =>
    Object.fromEntries(Object.entries(schema.parse(given)).filter(([, value]) => value !== undefined)) as Compact<T>;

/** `a: string | undefined` as `a?: string`. */
export type Compact<T> = {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} & { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] };
