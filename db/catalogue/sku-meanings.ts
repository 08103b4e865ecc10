import { isChanged } from './sku-changes.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * The products that SKUs mean on a channel, by one rule for imports and orders (rules §6): the product of the listing that
 * was linked by that SKU, or that a person has linked, else the product of that SKU. While a listing of that product on the
 * channel has a SKU that nobody has decided about, the SKU may have gone to another variant: it means nothing yet.
 */
type Meaning = { productId: string; isUndecided: boolean };

/** SQL: the product that the SKU `x.sku` may mean on a channel. @param but a condition on `l` for the listings that count */
const candidate = (channel: string, but = 'true'): string => `coalesce(
  (select l.product_id from listings l
   where l.channel_id = ${channel} and l.remote_sku = x.sku and x.sku <> '' and l.product_id is not null
     and l.linked_sku = l.remote_sku and l.delisted_at is null and ${but}
   order by l.linked_by, l.id limit 1),
  (select p.id from products p where p.sku = x.sku))`;

/** SQL: somebody has to decide about a listing of `m.id` on this channel first. */
const isUndecided = (channel: string): string =>
  `exists (select from listings l where l.channel_id = ${channel} and l.product_id = m.id and ${isChanged})`;

/** `offset 0`: the planner would compute the product once for each of its uses. @returns by SKU, without the unknown SKUs */
export async function findMeanings(
  db: AccountDb,
  channelId: string,
  skus: readonly string[],
): Promise<Map<string, Meaning>> {
  const { rows } = await db.raw<{ rows: ({ sku: string } & Meaning)[] }>(
    `select x.sku, m.id as "productId", ${isUndecided(':channelId')} as "isUndecided"
     from unnest(:skus::text[]) as x(sku) cross join lateral (select ${candidate(':channelId')} as id offset 0) m
     where m.id is not null`,
    { skus: [...new Set(skus)], channelId },
  );
  return new Map(rows.map(({ sku, ...meaning }) => [sku, meaning]));
}

/** The SKUs that mean nothing on a channel once the listings of these remote ids have other SKUs. */
export async function findMeaningless(
  db: AccountDb,
  channelId: string,
  { skus, renamed }: { skus: readonly string[]; renamed: readonly string[] },
): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { sku: string }[] }>(
    `select x.sku from unnest(:skus::text[]) as x(sku)
     where ${candidate(':channelId', 'l.remote_id <> all(:renamed)')} is null`,
    { skus: [...new Set(skus)], channelId, renamed },
  );
  return new Set(rows.map(({ sku }) => sku));
}

/**
 * SQL: the product of a line of an order, or null. The remote id of the product decides, whatever its SKU is by now; where
 * its listing has a SKU and no product, a person decides. A line without it, or of a product that is not listed, goes by
 * its SKU. A line that names a SKU alone may mean the only product whose SKU became that one, where no other has it.
 */
export const productOfLine = (line: { channel: string; remoteId: string; sku: string }): string => `(
  select case
    when own.product_id is not null then own.product_id
    when own.remote_sku <> '' then null
    when m.id is not null then case when not ${isUndecided(line.channel)} then m.id end
    when x.remote_id is null then
      (select case when count(distinct l.product_id) = 1 then min(l.product_id) end from listings l
       where l.channel_id = ${line.channel} and l.remote_sku = x.sku and x.sku <> '' and ${isChanged}) end
  from (select ${line.remoteId} as remote_id, ${line.sku} as sku) x
  cross join lateral (select ${candidate(line.channel)} as id offset 0) m
  left join lateral (select o.product_id, case when o.delisted_at is null then o.remote_sku end as remote_sku from listings o
                     where o.channel_id = ${line.channel} and o.remote_id = x.remote_id) own on true)`;

/** A line as its channel names it. */
type NamedLine = { remoteProductId?: string | null | undefined; sku: string };

/** @returns one product id for each line, in their order; null where nothing is linked. @see productOfLine */
export async function findLinkedToLines(
  db: AccountDb,
  channelId: string,
  lines: readonly NamedLine[],
): Promise<(string | null)[]> {
  if (lines.length === 0) return [];
  const { rows } = await db.raw<{ rows: { id: string | null }[] }>(
    `select ${productOfLine({ channel: ':channelId', remoteId: 'line.remote_id', sku: 'line.sku' })} as id
     from unnest(:remoteIds::text[], :skus::text[]) with ordinality as line(remote_id, sku, position)
     order by line.position`,
    {
      channelId,
      remoteIds: lines.map(({ remoteProductId = null }) => remoteProductId),
      skus: lines.map(({ sku }) => sku),
    },
  );
  return rows.map((row) => row.id);
}
