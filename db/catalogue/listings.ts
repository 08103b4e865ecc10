import { DomainError } from '../../domain/errors.ts';
import { needsSync, skuChangeOf, type LinkOrigin, type SkuChange } from '../../domain/listing.ts';
import { isDue } from './due-listings.ts';
import { isChanged } from './sku-changes.ts';
import { decodeKeys, encodeKeys, planForValues, readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A product on a channel. `sku`: of the linked product; `remoteSku`: the channel's. */
export type Listing = {
  id: string;
  channelId: string;
  productId: string | null;
  sku: string | null;
  linkedBy: LinkOrigin;
  remoteId: string;
  remoteSku: string;
  skuChanged: SkuChange | null;
  needsSync: boolean;
  suspended: boolean;
  cause: string | null;
  stockVersion: number;
  syncedVersion: number;
};
type Row = {
  id: string;
  channel_id: string;
  product_id: string | null;
  sku: string | null;
  linked_by: LinkOrigin;
  remote_id: string;
  remote_sku: string;
  linked_sku: string;
  cause: string | null;
  stock_version: number;
  synced_version: number;
  suspended_at: Date | null;
  delisted_at: Date | null;
};
const columns = [
  'l.id', 'l.channel_id', 'l.product_id', 'p.sku', 'l.linked_by', 'l.remote_id', 'l.remote_sku', 'l.linked_sku', 'l.cause',
  'l.stock_version', 'l.synced_version', 'l.suspended_at', 'l.delisted_at',
]; // prettier-ignore

function toListing(row: Row): Listing {
  const versions = { stockVersion: row.stock_version, syncedVersion: row.synced_version };
  const suspended = row.suspended_at !== null;
  return {
    id: row.id,
    channelId: row.channel_id,
    productId: row.product_id,
    sku: row.sku,
    linkedBy: row.linked_by,
    remoteId: row.remote_id,
    remoteSku: row.remote_sku,
    skuChanged: skuChangeOf({ linkedSku: row.linked_sku, remoteSku: row.remote_sku }),
    needsSync: needsSync({ ...versions, suspended, delisted: row.delisted_at !== null }),
    suspended,
    cause: row.cause,
    ...versions,
  };
}

/** Finds a delisted listing too. @throws DomainError `listing_not_found` */
export async function requireListing(db: AccountDb, id: string): Promise<Listing> {
  const row = await db('listings as l')
    .leftJoin('products as p', 'p.id', 'l.product_id')
    .where('l.id', id)
    .first<Row | undefined>(columns);
  if (!row) throw new DomainError('listing_not_found', `There is no listing ${id}.`);
  return toListing(row);
}

type ListingFilter = {
  channelId?: string | undefined;
  productId?: string | undefined;
  needsSync?: true | undefined;
  suspended?: true | undefined;
  skuChanged?: true | undefined;
};

/**
 * The listings of channels that are not deleted, newest first. With `needsSync`, `suspended` or `skuChanged`, which hold for
 * few of very many, by channel and id, as an index has just those.
 */
export async function listListings(db: AccountDb, filter: ListingFilter, page: PageRequest): Promise<Page<Listing>> {
  if (filter.needsSync || filter.suspended || filter.skuChanged) return listByState(db, filter, page);
  await planForValues(db, [filter.channelId, filter.productId]);
  const query = db('listings as l')
    .join('channels as c', 'c.id', 'l.channel_id')
    .leftJoin('products as p', 'p.id', 'l.product_id')
    .whereNull('c.deleted_at')
    .whereNull('l.delisted_at')
    .select(columns);
  if (filter.channelId !== undefined) void query.where('l.channel_id', filter.channelId);
  if (filter.productId !== undefined) void query.where('l.product_id', filter.productId);
  return readPage<Row, Listing>(query, { ...page, column: 'l.created_at', idColumn: 'l.id' }, toListing);
}

const suspended = 'l.suspended_at is not null and l.delisted_at is null';

/** Reads the index channel by channel: the effort stays the same, however many listings there are. */
async function listByState(
  db: AccountDb,
  filter: ListingFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<Listing>> {
  const [channelId, id] = cursor === undefined ? ['', ''] : decodeKeys(cursor);
  const { needsSync: due, suspended: isSuspended, skuChanged: changed } = filter;
  const ofProduct = filter.productId === undefined ? [] : ['l.product_id = :productId'];
  const states = [
    ...ofProduct,
    ...(due ? [isDue] : []),
    ...(isSuspended ? [suspended] : []),
    ...(changed ? [isChanged] : []),
  ];
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select ${columns.join(', ')} from channels c
     cross join lateral (
       select * from listings l
       where l.channel_id = c.id and ${states.join(' and ')} and l.id > case when c.id = :channelId then :id else '' end
       order by l.id limit :limit) l
     left join products p on p.id = l.product_id
     where c.deleted_at is null and c.id >= :channelId ${filter.channelId === undefined ? '' : 'and c.id = :only'}
     order by c.id, l.id limit :limit`,
    { channelId, id, limit: limit + 1, only: filter.channelId ?? '', productId: filter.productId ?? '' },
  );
  const data = rows.slice(0, limit).map(toListing);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? encodeKeys([last.channelId, last.id]) : null };
}

/** Tries a suspended listing again, as if its figure had never been sent. @returns whether it was suspended */
export async function resumeListing(db: AccountDb, id: string): Promise<boolean> {
  const resumed = await db('listings')
    .where({ id })
    .whereNotNull('suspended_at')
    .update({ suspended_at: null, failures: 0, cause: null, sent_version: db.ref('synced_version') });
  return resumed > 0;
}
