import { listOrdersById, listOrdersByNumber, type NumberedOrder } from '../../db/orders/numbered-orders.ts';
import { orderNotFound } from '../../db/orders/orders.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { DomainError } from '../../domain/errors.ts';
import { otherNumbers } from '../../domain/orders/numbers.ts';

/** How a request names an order. */
type OrderName = { orderId?: string | undefined; number?: string | undefined };

/** `leaves`: by the name that the request uses. `guesses`: orders that a name without leaves may mean. */
export type OrdersMeant = { leaves: NumberedOrder[]; guesses: ReadonlyMap<string, readonly NumberedOrder[]> };

/**
 * The leaves of all orders that a request names. A number that no order has is looked for in its other spellings; one
 * with other leading zeros is only a guess.
 */
export async function listOrdersMeant(db: AccountDb, names: readonly OrderName[]): Promise<OrdersMeant> {
  const numbers = [...new Set(names.flatMap(({ number }) => number ?? []))];
  const exact = await listOrdersByNumber(db, numbers);
  const found = new Set(exact.map(({ name }) => name));
  const others = numbers.filter((number) => !found.has(number)).map((number) => ({ number, ...otherNumbers(number) }));
  const similar =
    others.length === 0
      ? []
      : await listOrdersByNumber(
          db,
          others.flatMap(({ same, guesses }) => [...same, ...guesses]),
        );
  const named = (spellings: readonly string[]) => similar.filter(({ name }) => spellings.includes(name));
  return {
    leaves: [
      ...exact,
      ...others.flatMap(({ number, same }) => named(same).map((leaf) => ({ ...leaf, name: number }))),
      ...(await listOrdersById(db, names.flatMap(({ orderId }) => orderId ?? []))),
    ],
    guesses: new Map(others.map(({ number, guesses }) => [number, named(guesses)])),
  }; // prettier-ignore
}

/** The refusal of a name that no order has. */
export function notFound(number: string | undefined, guesses: readonly NumberedOrder[] = []): DomainError {
  if (number === undefined) return orderNotFound();
  const named = guesses.slice(0, 3).map(({ name, id }) => `${name} (${id})`);
  const hint = named.length > 0 ? ` Did you mean ${named.join(' or ')}?` : '';
  const detail = `No order has the number ${number}.${hint}`;
  return new DomainError('order_not_found', detail, [{ pointer: '/number', detail }]);
}
