import { z } from 'zod';
import { ChannelError, type Cursor, type Page } from '../channel.ts';

/** Items of one list in the order of a time that only grows, oldest first. */
export type Walk<Item> = {
  /** Where a walk from the beginning begins; nothing before it is ever read. */
  from: Date;
  /** The next items after a moment, without some that were read already. */
  read: (query: { after: string; notIn: string[]; take: number }) => Promise<Item[]>;
  idOf: (item: Item) => string;
  timeOf: (item: Item) => string;
};

const pageSize = 50;
/** Times are whole seconds on some databases, so what shares the last one's second is asked for again, by id excluded. */
const tieMs = 1000;
/** A commit that became visible after a later one is found by the next walk. */
const overlapMs = 5 * 60_000;

const cursorSchema = z.object({ from: z.iso.datetime(), since: z.iso.datetime(), seen: z.array(z.string()) });
type Place = z.infer<typeof cursorSchema>;

/**
 * One page. Ids in the cursor instead of an offset: orders leave the list (cancelled) while it is walked, and an offset
 * would then skip some.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function walkOn<Item>(walk: Walk<Item>, cursor: Cursor | null): Promise<Page<Item>> {
  const place = cursor === null ? placeAt(walk.from) : readPlace(cursor);
  const after = iso(Math.max(time(place.since) - tieMs, time(place.from) - 1));
  const items = await walk.read({ after, notIn: place.seen, take: pageSize });
  const more = items.length === pageSize;
  return { items, more, next: JSON.stringify(more ? further(place, items, walk) : ended(place, items.at(-1), walk)) };
}

/** A walk that begins at this moment. */
export const walkFrom = (moment: Date): Cursor => JSON.stringify(placeAt(moment));

/** In milliseconds: what came later is read again when the walk goes on. */
export function reachedBy(cursor: Cursor): number {
  const { since, from } = readPlace(cursor);
  return Math.max(time(since) - tieMs, time(from) - 1);
}

function further<Item>(place: Place, items: Item[], { idOf, timeOf }: Walk<Item>): Place {
  const since = timeOf(items[items.length - 1]!);
  const isRecent = (moment: string) => time(moment) > time(since) - tieMs;
  const recent = items.filter((item) => isRecent(timeOf(item))).map(idOf);
  return { ...place, since, seen: [...(isRecent(place.since) ? place.seen : []), ...recent] };
}

function ended<Item>(place: Place, last: Item | undefined, { timeOf }: Walk<Item>): Place {
  // Ids in the cursor: the walk was under way, and the page before was its last.
  if (!last && place.seen.length === 0) return place;
  const reached = last ? timeOf(last) : place.since;
  return { ...place, since: iso(Math.max(time(reached) - overlapMs, time(place.from))), seen: [] };
}

function placeAt(from: Date): Place {
  return { from: from.toISOString(), since: from.toISOString(), seen: [] };
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
