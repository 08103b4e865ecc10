const living = `n.status not in ('declined', 'ended')`;

/** SQL: whether an account has a shop, or is the merchant of a connection that was not declined and has not ended. */
export const sells = (account: string): string =>
  `(exists (select from channels h where h.account_id = ${account} and h.connection_id is null and h.deleted_at is null)
    or exists (select from connections n where n.merchant_account_id = ${account} and ${living}))`;

/** SQL: whether an account is the supplier of such a connection. */
export const supplies = (account: string): string =>
  `exists (select from connections n where n.supplier_account_id = ${account} and ${living})`;
