import { z } from 'zod';
import { ChannelError, type Cursor, type Page } from './channel.ts';

/** A list of the shop, read in the order of a time that only grows, oldest first. */
export type Walk<Item> = {
  /** The start: no item before it is ever read. */
  from: Date;
  /** The next items after a time, without the ids in `notIn`, which were read already. */
  read: (query: { after: string; notIn: string[]; take: number }) => Promise<Item[]>;
  idOf: (item: Item) => string;
  timeOf: (item: Item) => string;
  /** Of a page; 50 if left out. */
  size?: number;
};

const pageSize = 50;
/** Some databases store whole seconds. So items of the last item's second are read again, those already read excluded by id. */
const tieMs = 1000;
/** The next walk starts this much earlier, to find an item whose commit became visible after that of a later item. */
const overlapMs = 5 * 60_000;

const cursorSchema = z.object({ from: z.iso.datetime(), since: z.iso.datetime(), seen: z.array(z.string()) });
type Place = z.infer<typeof cursorSchema>;

/**
 * One page. The cursor has ids instead of an offset: orders leave the list when they are cancelled during the walk, and
 * an offset would then skip others.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function walkOn<Item>(walk: Walk<Item>, cursor: Cursor | null): Promise<Page<Item>> {
  const place = cursor === null ? placeAt(walk.from) : readPlace(cursor);
  const after = iso(Math.max(time(place.since) - tieMs, time(place.from) - 1));
  const { size: take = pageSize } = walk;
  const items = await walk.read({ after, notIn: place.seen, take });
  const more = items.length === take;
  return { items, more, next: JSON.stringify(more ? further(place, items, walk) : ended(place, items.at(-1), walk)) };
}

/** The cursor of a walk that starts at this time. */
export const walkFrom = (moment: Date): Cursor => JSON.stringify(placeAt(moment));

/** @returns milliseconds: items after this time are read, or read again, when the walk continues */
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
  // No ids in the cursor: no walk was under way, so the place stays.
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
