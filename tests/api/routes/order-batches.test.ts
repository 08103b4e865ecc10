import { describe, expect, it } from '@jest/globals';
import { acceptReceived, rejectParts } from '../../../db/dropships/supplier-response.ts';
import { lockReceivedLeaves } from '../../../db/orders/cancels.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { storeAnswer } from '../../../db/engine/idempotency.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { DomainError } from '../../../domain/errors.ts';
import { unitsLeft } from '../../../domain/orders/order.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import {
  aMerchant,
  anOrder,
  aPostedOrder,
  aTrade,
  imported,
  type Handed,
  type OrderJson,
} from '../../support/trade/api-orders.ts';

/** Who supplies each dropship. */
const supplierOf = new Map<string, string>();
let isAway = false;

/** What the dropship's workflow does to the supplier's rows, without its checks. */
const api = forTheFile(() =>
  openApi((pool) => ({
    async acceptOrder(dropshipId, { orderId, actor, key, ...promised }) {
      if (isAway) throw new DomainError('temporal_unavailable', 'Temporal is away.');
      await withAccount(pool, supplierOf.get(dropshipId)!, async (db) => {
        await acceptReceived(db, { ...promised, dropshipId }, { orderId, actor });
        if (key) await storeAnswer(db, { ...key, status: 200, answer: await requireOrder(db, orderId) });
      });
    },
    async rejectOrder(dropshipId, { orderId, actor, reason, noteId, key }) {
      await withAccount(pool, supplierOf.get(dropshipId)!, async (db) => {
        const leaves = await lockReceivedLeaves(db, dropshipId);
        const parts = leaves.map((leaf) => ({
          orderId: leaf.orderId,
          lines: leaf.lines.map((line) => ({ lineId: line.lineId, quantity: unitsLeft(line) })),
        }));
        await rejectParts(db, parts, { actor, dropshipId, reason, noteId });
        if (key) await storeAnswer(db, { ...key, status: 200, answer: await requireOrder(db, orderId) });
      });
    },
  })),
);

/** A supplier with so many orders of a merchant. */
async function aSupplier(count: number): Promise<{ trade: Handed; ids: string[]; leaves: OrderJson[] }> {
  const trade = await aTrade(api);
  const leaves: OrderJson[] = [];
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
    supplierOf.set(leaf.dropship!.id, trade.supplier.accountId);
    leaves.push(leaf);
    ids.push(await imported(api, trade, leaf));
  }
  return { trade, ids, leaves };
}

type Body = { key?: string; [field: string]: unknown };
type Results = { results: { index: number; status: string; id?: string; problem?: { code: string } }[] };
const batch = async (account: Caller, what: string, { key, ...body }: Body) => {
  const answer = await account.post(`/v1/orders/batch/${what}`, body, key ? { 'idempotency-key': key } : {});
  if (answer.statusCode !== 200) throw new Error(answer.body);
  const { results } = answer.json<Results>();
  return results.map(({ id, problem }) => problem?.code ?? id);
};
const order = async (account: Caller, id: string) => (await account.get(`/v1/orders/${id}`)).json<OrderJson>();
const events = async (account: Caller, id: string, type: string) =>
  (await account.get(`/v1/orders/${id}/events`))
    .json<{ data: { type: string; data: Record<string, unknown>; actor: object }[] }>()
    .data.filter((event) => event.type === type);

describe('POST /v1/orders/batch/accept', () => {
  it('accepts each order by itself: a bad one among good ones fails alone, in its place', async () => {
    const { trade, ids } = await aSupplier(3);
    const { merchant: other, channelId } = await aMerchant(api);
    const foreign = await aPostedOrder(other, anOrder(channelId));
    const [one, two, three] = ids as [string, string, string];
    await trade.supplier.post(`/v1/orders/batch/reject`, { orders: [two], reason: 'out_of_stock' });

    const body = {
      orders: [one, 'ord_unknown', two, one, three, foreign.id],
      expectedShipAt: '2026-12-03T12:00:00Z',
    };
    expect(await batch(trade.supplier, 'accept', body)).toEqual(
      [one, 'order_not_found', 'order_cancelled', 'duplicate_in_batch', three, 'order_not_found'],
    ); // prettier-ignore
    expect(await order(trade.supplier, one)).toMatchObject({ shipBy: '2026-12-03T12:00:00.000Z', badge: 'accepted' });
    expect(await order(trade.supplier, two)).toMatchObject({ status: 'cancelled', shipBy: null });
    expect(await events(trade.supplier, three, 'order_accepted')).toHaveLength(1);
  });

  it('gives a repeat the same answer, and does nothing twice', async () => {
    const { trade, ids } = await aSupplier(2);
    const body = { orders: [...ids, 'ord_unknown'] };
    const first = await batch(trade.supplier, 'accept', { ...body, key: 'accept-1' });

    expect(await batch(trade.supplier, 'accept', { ...body, key: 'accept-1' })).toEqual(first);
    expect(api.ledger.filter(({ call, args }) => call === 'acceptOrder' && ids.includes((args[1] as { orderId: string }).orderId))).toHaveLength(2); // prettier-ignore
    const reused = await trade.supplier.post(
      '/v1/orders/batch/accept',
      { orders: ids },
      { 'idempotency-key': 'accept-1' },
    );
    expect(reused.json<{ code: string }>().code).toBe('idempotency_key_reused');
  });

  it('goes on where Temporal went away, under the same key', async () => {
    const { trade, ids } = await aSupplier(2);
    isAway = true;
    const away = await batch(trade.supplier, 'accept', { orders: ids, key: 'away-1' });
    isAway = false;

    expect(away).toEqual(['temporal_unavailable', 'temporal_unavailable']);
    expect(await batch(trade.supplier, 'accept', { orders: ids, key: 'away-1' })).toEqual(ids);
  });

  it('is refused as a whole without orders, with too many, and without the right to write', async () => {
    const { trade, ids } = await aSupplier(1);
    const reader = await api.aKeyOf(trade.supplier, ['read']);
    const many = Array.from({ length: 201 }, (_, n) => `ord_${n}`);
    const status = async (account: Caller, orders: string[]) =>
      (await account.post('/v1/orders/batch/accept', { orders })).statusCode;

    expect([await status(trade.supplier, []), await status(trade.supplier, many), await status(reader, ids)]).toEqual([422, 422, 403]); // prettier-ignore
  });
});

describe('POST /v1/orders/batch/reject', () => {
  it('rejects orders with a note on the timeline of each', async () => {
    const { trade, ids } = await aSupplier(2);
    const body = { orders: [...ids, 'ord_unknown'], reason: 'discontinued', note: 'No more of these.' };

    expect(await batch(trade.supplier, 'reject', { ...body, key: 'reject-1' })).toEqual([...ids, 'order_not_found']);
    for (const id of ids) {
      expect(await order(trade.supplier, id)).toMatchObject({ status: 'cancelled' });
      expect(await events(trade.supplier, id, 'note_added')).toEqual([
        expect.objectContaining({ data: { note: 'No more of these.' }, actor: { kind: 'account', name: 'Test' } }),
      ]);
    }
  });
});

describe('POST /v1/orders/batch/cancel', () => {
  it('cancels what is open; what has shipped fails alone, and a repeat cancels nothing twice', async () => {
    const { merchant, channelId } = await aMerchant(api);
    const made = [];
    for (let count = 0; count < 3; count += 1) made.push(await aPostedOrder(merchant, anOrder(channelId)));
    const ids = made.map(({ id }) => id);
    await merchant.post(`/v1/orders/${ids[1]!}/shipments`, { carrier: 'ups', trackingNumber: '1Z999AA10123456784' });
    const body = { orders: ids, reason: 'customer_request', note: 'By phone.' };

    const first = await batch(merchant, 'cancel', { ...body, key: 'cancel-1' });
    expect(first).toEqual([ids[0], 'order_shipped', ids[2]]);
    expect(await batch(merchant, 'cancel', { ...body, key: 'cancel-1' })).toEqual(first);
    expect(await batch(merchant, 'cancel', { ...body, key: 'cancel-2' })).toEqual(['order_cancelled', 'order_shipped', 'order_cancelled']); // prettier-ignore
    expect(await events(merchant, ids[0]!, 'order_cancelled')).toHaveLength(1);
    expect(await events(merchant, ids[2]!, 'note_added')).toHaveLength(1);
  });
});
