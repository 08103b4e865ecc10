import { gmt } from './records.ts';
import { error, type Answer } from './rest.ts';

type Listed = { id: number; created?: number; modified: number };

const idsOf = (query: URLSearchParams, name: string) => (query.get(name) ?? '').split(',').filter(Boolean).map(Number);

/** Three hours behind. */
const ownZoneMs = -3 * 3_600_000;
let lists = 0;

/**
 * A page of a list, by the parameters that all lists have. Times are compared by whole seconds, strictly. What has the same
 * time comes in any order, another one at each request: a database promises none.
 */
export function pageOf<Item extends Listed>(
  items: Item[],
  query: URLSearchParams,
  toJson: (item: Item) => object,
): Answer {
  const perPage = Number(query.get('per_page') ?? 10);
  if (!(perPage >= 1 && perPage <= 100)) throw error(400, 'rest_invalid_param');
  const page = Number(query.get('page') ?? 1);
  const [include, exclude] = [idsOf(query, 'include'), idsOf(query, 'exclude')];
  // Left to itself the shop takes a time for one of its own zone.
  const zoneMs = query.get('dates_are_gmt') === 'true' ? 0 : ownZoneMs;
  const isLater = (moment: number, name: string) =>
    !query.has(name) || gmt(moment + zoneMs) > gmt(Date.parse(`${query.get(name)!.replace(/Z$/, '')}Z`));
  const found = items.filter(
    (item) =>
      (include.length === 0 || include.includes(item.id)) &&
      !exclude.includes(item.id) &&
      isLater(item.modified, 'modified_after') &&
      isLater(item.created ?? 0, 'after'),
  );
  lists += 1;
  const direction = query.get('order') === 'asc' ? 1 : -1;
  const by = query.get('orderby') === 'modified' ? ({ modified }: Item) => gmt(modified) : ({ id }: Item) => String(id).padStart(9, '0'); // prettier-ignore
  const compare = (one: Item, other: Item) =>
    by(one) === by(other)
      ? (lists % 2 === 0 ? 1 : -1) * (one.id - other.id)
      : direction * (by(one) < by(other) ? -1 : 1);
  const body = found
    .toSorted(compare)
    .slice((page - 1) * perPage, page * perPage)
    .map(toJson);
  const headers = { 'x-wp-total': String(found.length), 'x-wp-totalpages': String(Math.ceil(found.length / perPage)) };
  return { body, headers };
}
