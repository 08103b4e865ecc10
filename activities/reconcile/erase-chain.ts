import type { Actor } from '../../domain/account.ts';
import { isClosed } from '../../domain/erasure.ts';
import { linkOfDropships, linkOfOrders, type Link } from '../../db/erasure/chain.ts';
import { eraseOrders } from '../../db/erasure/erase.ts';
import { readNeeds } from '../../db/erasure/needs.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';

/** An order of a shop. `actor`: who asks for the erasure, in the account that has the shop. */
type Source = { accountId: string; orderId: string; actor: Actor };

/** The orders of one account of the chain. */
type Place = { accountId: string; actor: Actor; orderIds: readonly string[] };

/**
 * Erases an order of a shop in all accounts that have it, each in a transaction of its own: the shop's account last, so that
 * after a crash the order is found again. Idempotent.
 * @returns false while an account still needs the data
 */
export async function eraseChain({ pool, crashPoint }: Pick<Deps, 'pool' | 'crashPoint'>, source: Source) {
  const places = await placesOf(pool, source);
  for (const { accountId, orderIds } of places)
    if (!isClosed(await readInAccount(pool, accountId, (db) => readNeeds(db, orderIds)))) return false;
  for (const { accountId, ...toErase } of places.toReversed()) {
    if (!(await withAccount(pool, accountId, (db) => eraseOrders(db, toErase)))) return false;
    crashPoint('erasure.account-committed');
  }
  return true;
}

/** The account of the shop first. A supplier is found by the live rows, never by an argument (law 2). */
async function placesOf(pool: Deps['pool'], { accountId, orderId, actor }: Source): Promise<Place[]> {
  const first = await readInAccount(pool, accountId, (db) => linkOfOrders(db, [orderId]));
  const places: (Place & Link)[] = [{ accountId, actor, ...first }];
  // Grows while it is walked: a supplier may have dropshipped the order on.
  for (const place of places) {
    const merchant: Actor = { kind: 'merchant', id: place.accountId };
    for (const supplierId of new Set(place.dropships.map(({ supplierAccountId }) => supplierAccountId))) {
      const mine = place.dropships.filter(({ supplierAccountId }) => supplierAccountId === supplierId);
      const dropshipIds = mine.map(({ dropshipId }) => dropshipId);
      const next = await readInAccount(pool, supplierId, (db) => linkOfDropships(db, dropshipIds));
      if (next.orderIds.length > 0) places.push({ accountId: supplierId, actor: merchant, ...next });
    }
  }
  return places;
}
