import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { readInAccount } from '../../db/engine/with-account.ts';
import { findTop, linkOfOrders } from '../../db/erasure/chain.ts';
import { findOrdersOfEmail } from '../../db/erasure/people.ts';
import { readStoredBeside } from '../../db/erasure/stored-beside.ts';
import { orderNotFound } from '../../db/orders/orders.ts';
import { listOrdersByIds } from '../../db/orders/view.ts';
import { assertOwnSource } from '../../domain/erasure.ts';
import { authorOf } from '../plugins/auth.ts';
import { actIn } from '../request/acting.ts';
import { meantBy, type Meant } from '../schemas/erasures.ts';
import type { newExport, personExport } from '../schemas/exports.ts';
import { toOrder } from '../schemas/orders.ts';

/** A part of the answer has at least so many orders, where there are more. */
const enough = 100;

type Asked = { accountId: string; meant: Meant; after: string };
type Found = { topIds: string[]; next: string | null };

/**
 * All that an account stores about a buyer. Who asked is noted in the audit.
 * @throws DomainError `account_not_found`, `order_not_found`, `order_received`
 */
export async function exportPerson(
  request: FastifyRequest,
  accountId: string,
  body: z.output<typeof newExport>,
): Promise<z.input<typeof personExport>> {
  await readInAccount(request.server.deps.pool, accountId, requireOwnAccount);
  const { topIds, next } = await found(request, { accountId, meant: meantBy(body), after: body.after ?? '' });
  const orders = await readInAccount(request.server.deps.pool, accountId, async (db) => {
    const { orderIds } = await linkOfOrders(db, topIds);
    const beside = await readStoredBeside(db, orderIds);
    const stored = await listOrdersByIds(db, orderIds);
    return stored.map((order) => ({ order: toOrder(order), ...beside.get(order.id)! }));
  });
  await actIn(request, accountId, (db) =>
    recordAudit(db, authorOf(request), {
      action: 'person.exported',
      subjectId: body.orderId ?? accountId,
      details: { orders: orders.length },
    }),
  );
  return { orders, next };
}

async function found(request: FastifyRequest, { accountId, meant, after }: Asked): Promise<Found> {
  const { pool } = request.server.deps;
  if ('orderId' in meant) {
    const top = await readInAccount(pool, accountId, (db) => findTop(db, meant.orderId));
    if (!top) throw orderNotFound();
    assertOwnSource(top);
    return { topIds: [top.id], next: null };
  }
  const topIds = new Set<string>();
  let next: string | null = after;
  const search = (from: string) =>
    readInAccount(pool, accountId, (db) => findOrdersOfEmail(db, { email: meant.email, after: from }));
  while (next !== null && topIds.size < enough) {
    const page: Awaited<ReturnType<typeof search>> = await search(next);
    for (const id of page.orderIds) topIds.add(id);
    next = page.after;
  }
  return { topIds: [...topIds], next };
}
