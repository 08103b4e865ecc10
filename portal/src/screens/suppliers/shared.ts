import type { Supplier } from '../../../../clients/typescript/src/index.ts';

export type SharedField = Supplier['sharedFields'][number];

/** What a merchant may share with a supplier, in the order in which it is shown. */
export const shareableFields: readonly SharedField[] = [
  'phone',
  'email',
  'billTo',
  'customerNote',
  'internalNote',
  'prices',
  'costs',
  'tags',
];
