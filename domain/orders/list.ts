/** An order that came by a portal is supplied; all others are sold. */
export const orderSides = ['selling', 'supplying'] as const;
export type OrderSide = (typeof orderSides)[number];

/** Who ships: the account itself, its supplier, or, of an order that was split, the leaves. */
export const shippers = ['in_house', 'supplier', 'parts'] as const;
export type Shipper = (typeof shippers)[number];

/** How a list of orders is sorted; a minus means the newest first. */
export const orderSorts = ['-createdAt', 'placedAt', '-placedAt', 'shipBy', '-shipBy'] as const;
export type OrderSort = (typeof orderSorts)[number];
