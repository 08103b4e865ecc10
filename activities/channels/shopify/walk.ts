import { z } from 'zod';
import { ChannelError, type Cursor, type Page } from '../channel.ts';
import { halving, type PageOf } from './api.ts';

/** A list of the shop in the order of its times of change. `from`: the start; an earlier change is not read. */
export type Walk<Item> = {
  from: Date;
  size: number;
  /** @param query `since`: changed then or later, in whole seconds. `after`: the shop's own cursor within this walk. */
  read: (query: { from: string; since: string; after: string | null; first: number }) => Promise<PageOf<Item>>;
  timeOf: (item: Item) => string;
};

/** The next walk starts this much earlier, to find a change that became visible after a later one. */
const overlapMs = 5 * 60_000;

const placeSchema = z.object({ from: z.iso.datetime(), since: z.iso.datetime(), after: z.string().nullable() });

/**
 * One page. Within a walk the shop's own cursor goes on; a changed item moves to the end and comes again. The times have
 * whole seconds, so each walk starts again before the last change that was seen.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function walkOn<Item>(walk: Walk<Item>, cursor: Cursor | null): Promise<Page<Item>> {
  const place = cursor === null ? startOf(walk) : readPlace(cursor);
  const page = await halving(walk.size, (first) => walk.read({ ...place, first }));
  const { hasNextPage: more, endCursor } = page.pageInfo;
  const last = page.nodes.at(-1);
  const reached = last === undefined ? place.since : earlier(walk.timeOf(last), place.from);
  const next = more ? { ...place, after: endCursor } : { ...place, since: reached, after: null };
  return { items: page.nodes, more, next: JSON.stringify(next) };
}

/** Shopify's times are before ours by less than a second. */
function startOf<Item>({ from }: Walk<Item>) {
  const start = secondOf(from.getTime());
  return { from: start, since: start, after: null };
}

const earlier = (time: string, from: string): string =>
  secondOf(Math.max(Date.parse(time) - overlapMs, Date.parse(from)));

const secondOf = (time: number): string => new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000', '');

function readPlace(cursor: Cursor): z.infer<typeof placeSchema> {
  try {
    return placeSchema.parse(JSON.parse(cursor));
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'cursor', code: 'unreadable' });
  }
}
