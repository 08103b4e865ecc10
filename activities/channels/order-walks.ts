import { z } from 'zod';
import { ChannelError, type Cursor, type Page } from './channel.ts';
import { reachedBy, walkFrom, walkOn, type Walk } from './walk.ts';

/** Two walks over the orders: by time of placing and by time of change. `now`: the shop's clock. */
type OrderWalks<Order> = { placed: Walk<Order>; changed: Walk<Order>; now: () => Date };

const turnSchema = z.object({
  turn: z.enum(['placed', 'changed']),
  placed: z.string().nullable(),
  changed: z.string(),
});
type Turn = z.infer<typeof turnSchema>;

/** The walk by change starts this much before the first read, in milliseconds, so that no change is missed. */
const overlapMs = 5 * 60_000;

/**
 * One page: first the orders that were placed since the last run, then older orders that a clerk changed. The time of
 * change is not enough, since shops do not update it at each payment and shipping.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function importPage<Order>(walks: OrderWalks<Order>, after: Cursor | null): Promise<Page<Order>> {
  const at = readTurn(walks, after);
  if (at.turn === 'placed') {
    const { items, more, next } = await walkOn(walks.placed, at.placed);
    return { items, more: true, next: write({ ...at, placed: next, turn: more ? 'placed' : 'changed' }) };
  }
  const { items, more, next } = await walkOn(walks.changed, at.changed);
  return {
    items: besides(walks, items, at),
    more,
    next: write({ ...at, changed: next, turn: more ? 'changed' : 'placed' }),
  };
}

/** Leaves out changed orders that the walk by placing still reads as new. */
function besides<Order>(walks: OrderWalks<Order>, items: readonly Order[], { placed }: Turn): Order[] {
  const reached = placed === null ? -Infinity : reachedBy(placed);
  return items.filter((order) => Date.parse(walks.placed.timeOf(order)) <= reached);
}

const write = (turn: Turn): Cursor => JSON.stringify(turn);

/** A cursor of an older version has the walk by placing only. */
function readTurn({ now }: { now: () => Date }, cursor: Cursor | null): Turn {
  const begun: Turn = { turn: 'placed', placed: cursor, changed: walkFrom(new Date(now().getTime() - overlapMs)) };
  if (cursor === null) return begun;
  const parsed = turnSchema.safeParse(parsedJson(cursor));
  return parsed.success ? parsed.data : begun;
}

function parsedJson(cursor: Cursor): unknown {
  try {
    return JSON.parse(cursor) as unknown;
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'cursor', code: 'unreadable' });
  }
}
