/** What an account may do with an order, by the commands' names. */
export const orderActions = [
  'ship',
  'accept',
  'reject',
  'acceptCancel',
  'declineCancel',
  'cancel',
  'split',
  'dropship',
  'editAddress',
  'acceptEdit',
  'dismissEdit',
] as const;
export type OrderAction = (typeof orderActions)[number];
