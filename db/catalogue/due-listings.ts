/** SQL: listing `l` needs sync (rules §7). Exactly the condition of the index `listings_to_sync`, which is else not used. */
export const isDue = `(l.stock_version > l.synced_version)::int = 1 and l.suspended_at is null and l.delisted_at is null`;

/**
 * Whether a channel has a listing that needs sync, as SQL.
 * @param channel SQL
 * @param and a further condition on `l`
 */
export const hasDueListing = (channel: string, and = 'true'): string =>
  `exists (select from listings l where l.channel_id = ${channel} and ${isDue} and ${and})`;
