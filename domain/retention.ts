/** How many days rows stay. Documents have times of their own: `daysStored`. */
export type Retention = {
  /** Ended tasks and print jobs, ratings, processed webhooks. */
  recordDays: number;
  /** The answers of Idempotency-Keys. */
  answerDays: number;
  /** The personal data of closed orders, in accounts that do not say it for themselves. Null: they stay. */
  orderDays: number | null;
};

/** Until then people correct, void and give back. */
export const fewestOrderDays = 30;
export const mostOrderDays = 3_650;
