/** The other account of a connection, by the name that the account has for it. */
export type Counterpart = { accountId: string; name: string };

/** A portal is named after its merchant. @param merchantAccountId null for a shop */
export const counterpartOf = (merchantAccountId: string | null, channelName: string): Counterpart | null =>
  merchantAccountId === null ? null : { accountId: merchantAccountId, name: channelName };

/** SQL: the merchant's account of the portal with this id; null for a shop. */
export const merchantOf = (channelId: string): string =>
  `(select n.merchant_account_id from channels portal join connections n on n.id = portal.connection_id
    where portal.id = ${channelId})`;
