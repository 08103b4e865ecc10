/** Who sells labels. `test` is built in: its labels are free, marked SAMPLE, and no carrier takes them. */
export const labelProviders = ['test', 'easypost', 'shippo'] as const;
export type LabelProviderKind = (typeof labelProviders)[number];

/**
 * Who pays a supplier's labels, as the merchant sets it for the supplier.
 * - supplier_pays: the supplier buys with its own label accounts.
 * - merchant_pays: it buys with the label account that the merchant lends. It sees carrier and service, no key and no price.
 * - supplier_choice: with either.
 */
export const labelPolicies = ['supplier_pays', 'merchant_pays', 'supplier_choice'] as const;
export type LabelPolicy = (typeof labelPolicies)[number];
