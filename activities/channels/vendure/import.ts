import { z } from 'zod';
import { ChannelError, type Cursor, type Page } from '../channel.ts';
import type { VendureOrder } from './orders.ts';
import { reachedBy, walkFrom, walkOn, type Walk } from './walk.ts';

/** Orders by when they were placed, and by when they changed; `now`: by the shop's clock. */
export type OrderWalks = { placed: Walk<VendureOrder>; changed: Walk<VendureOrder>; now: () => Date };

const turnSchema = z.object({
  turn: z.enum(['placed', 'changed']),
  placed: z.string().nullable(),
  changed: z.string(),
});
type Turn = z.infer<typeof turnSchema>;

/** What changed while the first page was asked for is in it already. */
const overlapMs = 5 * 60_000;

/**
 * One page: first what was placed since the last time, then what a clerk changed of older orders. A time of change alone
 * would not do: it stands still through payment and shipping.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function importPage(walks: OrderWalks, after: Cursor | null): Promise<Page<VendureOrder>> {
  const at = readTurn(walks, after);
  if (at.turn === 'placed') {
    const { items, more, next } = await walkOn(walks.placed, at.placed);
    return { items, more: true, next: write({ ...at, placed: next, turn: more ? 'placed' : 'changed' }) };
  }
  const { items, more, next } = await walkOn(walks.changed, at.changed);
  return { items: besides(items, at), more, next: write({ ...at, changed: next, turn: more ? 'changed' : 'placed' }) };
}

/** Without those that are read as newly placed ones all the same, again and again for a while. */
function besides(items: readonly VendureOrder[], { placed }: Turn): VendureOrder[] {
  const reached = placed === null ? -Infinity : reachedBy(placed);
  return items.filter(({ orderPlacedAt }) => orderPlacedAt !== null && Date.parse(orderPlacedAt) <= reached);
}

const write = (turn: Turn): Cursor => JSON.stringify(turn);

/** A cursor from before changes were walked is one of what was placed. */
function readTurn({ now }: OrderWalks, cursor: Cursor | null): Turn {
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
