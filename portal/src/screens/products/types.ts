import type { Product } from '../../../../clients/typescript/src/index.ts';

export type FulfillmentType = Product['fulfillmentType'];

export const fulfillmentTypes: readonly FulfillmentType[] = ['in_house', 'dropshippable', 'automatically_dropshipped'];

/** Undefined for a text that is none of them, such as from an address. */
export const typeOf = (text: string | undefined): FulfillmentType | undefined =>
  fulfillmentTypes.find((type) => type === text);
