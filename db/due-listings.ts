/** Listing `l` needs sync (domain rules §7), in the words of the index `listings_to_sync`. */
export const isDue = `l.stock_version > l.synced_version and l.suspended_at is null and l.delisted_at is null`;

/**
 * Listings `l` of a channel, above an id; to be read in the order of `byChannel`. How few of very many need sync no
 * planner can tell: given an equality, it walks all of an account's listings by their key in the hope to meet some. Only
 * the partial indexes have this order.
 * @param channel SQL, as `after` is
 */
export const ofChannel = (channel: string, after = `''`): string =>
  `(l.channel_id, l.id) > (${channel}, ${after}) and l.channel_id <= ${channel}`;
export const byChannel = 'l.channel_id, l.id';

/** Whether a channel has a listing that needs sync. @param and a further condition on `l` */
export const hasDueListing = (channel: string, and = 'true'): string =>
  `(select l.id from listings l where ${ofChannel(channel)} and ${isDue} and ${and} order by ${byChannel} limit 1) is not null`;
