import { z } from 'zod';
import { ChannelError, type Cursor, type Page } from '../channel.ts';

/** A list of the shop by time of change, oldest first. Times have whole seconds, as the shop compares them. */
export type Walk<Item> = {
  /** The start: nothing that changed before is read. */
  from: Date;
  /** The next items that changed after a second, strictly, without those in `exclude`, which were read already. */
  read: (query: { after: Date; exclude: string[]; take: number }) => Promise<Item[]>;
  idOf: (item: Item) => string;
  timeOf: (item: Item) => string;
};

const pageSize = 50;
const second = 1_000;
/** The next walk starts this much earlier, to find an item whose commit became visible after that of a later item. */
const overlapMs = 5 * 60_000;

const cursorSchema = z.object({ from: z.iso.datetime(), since: z.iso.datetime(), seen: z.array(z.string()) });
type Place = z.infer<typeof cursorSchema>;

/**
 * One page. The last item's second is read again with the next page, its ids excluded: numbered pages repeat and miss what
 * has the same time, since the shop puts that in any order.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function walkOn<Item>(walk: Walk<Item>, cursor: Cursor | null): Promise<Page<Item>> {
  const place = cursor === null ? placeAt(walk.from) : readPlace(cursor);
  const after = new Date(Math.max(time(place.since), time(place.from)) - second);
  const items = await walk.read({ after, exclude: place.seen, take: pageSize });
  const more = items.length === pageSize;
  return { items, more, next: JSON.stringify(more ? further(place, items, walk) : ended(place, items.at(-1), walk)) };
}

/** The cursor of a walk that starts at this time. */
export const walkFrom = (moment: Date): Cursor => JSON.stringify(placeAt(moment));

function further<Item>(place: Place, items: Item[], { idOf, timeOf }: Walk<Item>): Place {
  const since = timeOf(items[items.length - 1]!);
  const isSame = (moment: string) => time(moment) === time(since);
  const last = items.filter((item) => isSame(timeOf(item))).map(idOf);
  return { ...place, since, seen: [...(isSame(place.since) ? place.seen : []), ...last] };
}

function ended<Item>(place: Place, last: Item | undefined, { timeOf }: Walk<Item>): Place {
  // No ids in the cursor: no walk was under way, so the place stays.
  if (!last && place.seen.length === 0) return place;
  const reached = time(last ? timeOf(last) : place.since);
  return { ...place, since: iso(Math.max(reached - overlapMs, time(place.from))), seen: [] };
}

function placeAt(from: Date): Place {
  const whole = iso(Math.floor(from.getTime() / second) * second);
  return { from: whole, since: whole, seen: [] };
}

function readPlace(cursor: Cursor): Place {
  try {
    return cursorSchema.parse(JSON.parse(cursor));
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'cursor', code: 'unreadable' });
  }
}

const time = (moment: string): number => Date.parse(moment);
const iso = (moment: number): string => new Date(moment).toISOString();

/** What a list is asked for by a walk. */
export function walkQuery({ after, exclude, take }: { after: Date; exclude: string[]; take: number }) {
  return {
    ...(after.getTime() > 0 && { modified_after: after.toISOString().slice(0, 19) }),
    dates_are_gmt: 'true',
    orderby: 'modified',
    order: 'asc',
    per_page: String(take),
    ...(exclude.length > 0 && { exclude: exclude.join(',') }),
  };
}

/** A time of the shop in GMT, which it writes without its zone. */
export const instantOf = (gmt: string): string => new Date(`${gmt.replace(/Z$/, '')}Z`).toISOString();
