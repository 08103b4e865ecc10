import { describe, expect, it } from '@jest/globals';
import { raiseAttention } from '../../../db/attentions.ts';
import { acceptDropship, acceptReceived, returnDropship } from '../../../db/dropships/supplier-response.ts';
import { refreshDropshipStatus } from '../../../db/dropships/dropships.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import { orderSorts } from '../../../domain/orders/list.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aMerchant, anOrder, aPostedOrder, aTrade, imported, shipTo } from '../../support/trade/api-orders.ts';

const api = forTheFile(() => openApi());

type Row = {
  id: string;
  number: string;
  shipBy: string | null;
  placedAt: string;
  badge: string;
  [field: string]: unknown;
};
const rows = async (account: Caller, query = '') => {
  const answer = await account.get(`/v1/order-rows?${query}`);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json<{ data: Row[]; nextCursor: string | null }>();
};
const numbers = async (account: Caller, query = '') => (await rows(account, query)).data.map(({ number }) => number);

/** A merchant with orders under these numbers, the first placed first. */
async function orders(given: Record<string, object>) {
  const { merchant, channelId } = await aMerchant(api);
  const ids: Record<string, string> = {};
  let day = 1;
  for (const [number, rest] of Object.entries(given)) {
    const placedAt = `2026-11-${String(day++).padStart(2, '0')}T10:00:00Z`;
    const { id } = await aPostedOrder(merchant, { ...anOrder(channelId), number, placedAt, ...rest });
    ids[number] = id;
  }
  return { merchant, channelId, ids };
}

const ship = (account: Caller, id: string, trackingNumber = '1Z999AA10123456784') =>
  account.post(`/v1/orders/${id}/shipments`, { carrier: 'ups', trackingNumber });

describe('GET /v1/order-rows', () => {
  it('shows an order in short, in at most 800 bytes', async () => {
    const { merchant, channelId, ids } = await orders({
      '1001': { shippingMethod: 'Express', notes: { customer: 'Ring' } },
    });

    const answer = await merchant.get('/v1/order-rows');

    expect(answer.json<{ data: Row[] }>().data).toEqual([
      expect.objectContaining({
        id: ids['1001'], number: '1001', side: 'selling', channelId, channelName: 'Own shop', counterpart: null,
        shipsFrom: 'in_house', shipTo: { name: shipTo.name, city: 'Porto', province: null, country: 'PT' },
        firstLine: { sku: 'MUG', name: 'Product MUG', quantity: 2 }, lines: 1, units: 2, openUnits: 2,
        shippingMethod: 'Express', badge: 'to_ship', hasNote: true, childIds: [], printedAt: null,
      }),
    ]); // prettier-ignore
    expect(answer.body.length).toBeLessThan(800);
  });

  it('counts the open units of a parent on its leaves, and lists parents or leaves alone', async () => {
    const { merchant, channelId } = await aMerchant(api);
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
    const split = await merchant.post(`/v1/orders/${order.id}/split`, { groups: [{ lines }, { lines }] });
    const [leaf] = split.json<{ orders: { id: string }[] }>().orders;
    await ship(merchant, leaf!.id);

    const [parent] = (await rows(merchant, 'parents=true')).data;

    expect(parent).toMatchObject({ id: order.id, shipsFrom: 'parts', units: 2, openUnits: 1, badge: 'partly_shipped' });
    expect(parent!['childIds']).toHaveLength(2);
    expect((await rows(merchant, 'leaves=true')).data.map(({ id }) => id)).not.toContain(order.id);
    expect((await rows(merchant, 'leaves=true&sort=placedAt')).data).toHaveLength(2);
    expect((await rows(merchant, 'status=split')).data.map(({ id }) => id)).toEqual([order.id]);
  });

  it('shows a merchant the promise of its supplier, and the supplier its own', async () => {
    const trade = await aTrade(api);
    const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
    const dropshipId = leaf.dropship!.id;
    const orderId = await imported(api, trade, leaf);
    const promised = { dropshipId, expectedShipAt: '2026-11-25T00:00:00.000Z' };
    const actor = { kind: 'account', id: 'key' } as const;
    await withAccount(api.pool, trade.supplier.accountId, (db) => acceptReceived(db, promised, { orderId, actor }));
    await withAccount(api.pool, trade.merchant.accountId, (db) =>
      acceptDropship(db, promised, { kind: 'supplier', id: trade.supplierId }),
    );

    const shipBy = promised.expectedShipAt;
    expect((await rows(trade.merchant, 'late=true')).data).toEqual([
      expect.objectContaining({ id: leaf.id, side: 'selling', shipsFrom: 'supplier', dropshipStatus: 'accepted', badge: 'with_supplier', shipBy, counterpart: expect.objectContaining({ id: trade.supplierId }) }),
    ]); // prettier-ignore
    expect((await rows(trade.supplier, 'side=supplying&accepted=true')).data).toEqual([
      expect.objectContaining({ id: orderId, side: 'supplying', shipsFrom: 'in_house', badge: 'accepted', shipBy, counterpart: { name: 'A company' } }),
    ]); // prettier-ignore
    expect(await numbers(trade.merchant, `supplierId=${trade.supplierId}`)).toEqual([leaf.number]);
    expect(await numbers(trade.supplier, 'side=selling')).toEqual([]);

    const back = { dropshipId, reason: 'out_of_stock', cancelReason: null, actor } as const;
    await withAccount(api.pool, trade.merchant.accountId, (db) => returnDropship(db, back));
    expect((await rows(trade.merchant)).data).toEqual([
      expect.objectContaining({ shipBy: null, acceptedAt: null, shipsFrom: 'in_house', badge: 'attention' }),
    ]);
    expect(await numbers(trade.merchant, 'late=true')).toEqual([]);
  });

  it('gets the promise of a supplier beside a shipment that is on its way to the same order', async () => {
    const trade = await aTrade(api);
    const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
    const dropshipId = leaf.dropship!.id;
    await imported(api, trade, leaf);
    const inMerchant = <T>(work: (db: AccountDb) => Promise<T>) =>
      withAccount(api.pool, trade.merchant.accountId, work);

    const accepted = await inMerchant(async (db) => {
      await lockOrder(db, leaf.id);
      const accepting = inMerchant((other) =>
        acceptDropship(other, { dropshipId }, { kind: 'supplier', id: trade.supplierId }),
      ).catch((error: unknown) => error);
      await waitUntil(async () => {
        const { rows: waiting } = await db.raw<{ rows: unknown[] }>('select 1 from pg_locks where not granted limit 1');
        return waiting.length > 0;
      });
      await refreshDropshipStatus(db, dropshipId);
      return { accepting };
    });

    expect(await accepted.accepting).toBeUndefined();
    expect((await rows(trade.merchant, 'accepted=true')).data).toEqual([expect.objectContaining({ id: leaf.id })]);
  });
});

describe('filters', () => {
  it('takes several statuses, in any order', async () => {
    const { merchant, ids } = await orders({ A1: {}, A2: {}, A3: {} });
    await ship(merchant, ids['A2']!);
    await merchant.post(`/v1/orders/${ids['A3']!}/cancel`, { reason: 'fraud' });

    expect(await numbers(merchant, 'status=shipped&status=cancelled')).toEqual(['A3', 'A2']);
    expect(await numbers(merchant, 'status=awaiting_fulfillment')).toEqual(['A1']);
    expect((await merchant.get('/v1/order-rows?status=lost')).statusCode).toBe(422);
  });

  it('finds by number, name, SKU and tracking number, whatever the case', async () => {
    const { merchant, ids } = await orders({
      '#7001': { shipTo: { ...shipTo, name: 'Jonas Weber' } },
      '#7002': {},
      'SO-9': {},
    });
    await ship(merchant, ids['SO-9']!, '1Z 999 AA1 01-23456784');

    expect(await numbers(merchant, 'q=7001')).toEqual(['#7001']);
    expect(await numbers(merchant, 'q=70&sort=placedAt')).toEqual(['#7001', '#7002']);
    expect(await numbers(merchant, 'q=so-')).toEqual(['SO-9']);
    expect(await numbers(merchant, 'q=webe')).toEqual(['#7001']);
    expect(await numbers(merchant, 'q=1z999aa10123456784')).toEqual(['SO-9']);
    expect(await numbers(merchant, 'q=1z999aa1')).toEqual(['SO-9']);
    expect(await numbers(merchant, 'q=mu')).toHaveLength(3);
    expect(await numbers(merchant, 'q=mu&status=shipped')).toEqual(['SO-9']);
    expect(await numbers(merchant, `q=${encodeURIComponent('%')}`)).toEqual([]);
  });

  it('finds a number of mixed case and with blanks by its beginning', async () => {
    const { merchant } = await orders({ 'Inv-8001': {}, '#Web 8002': {}, 'WEB 8003': {} });

    expect(await numbers(merchant, 'q=inv-80')).toEqual(['Inv-8001']);
    expect(await numbers(merchant, 'q=INV-8001')).toEqual(['Inv-8001']);
    expect(await numbers(merchant, `q=${encodeURIComponent('#web 80')}`)).toEqual(['WEB 8003', '#Web 8002']);
    expect(await numbers(merchant, `q=${encodeURIComponent('web 8003')}`)).toEqual(['WEB 8003']);
    expect(await numbers(merchant, 'q=8001')).toEqual([]);
    expect(await numbers(merchant, `q=${encodeURIComponent('#')}`)).toEqual([]);
  });

  it('takes ids one by one or with dots, and no more than 100', async () => {
    const { merchant, ids } = await orders({ B1: {}, B2: {}, B3: {} });
    const [one, two] = [ids['B1']!, ids['B2']!];

    expect(await numbers(merchant, `ids=${one}.${two}`)).toEqual(['B2', 'B1']);
    expect(await numbers(merchant, `ids=${one}&ids=${two}&ids=ord_unknown`)).toEqual(['B2', 'B1']);
    const many = Array.from({ length: 101 }, (_, n) => `ord_${n}`).join('.');
    expect((await merchant.get(`/v1/order-rows?ids=${many}`)).statusCode).toBe(422);
  });

  it('finds what needs attention, and what was placed in between', async () => {
    const { merchant, ids } = await orders({ C1: {}, C2: {}, C3: {} });
    await withAccount(api.pool, merchant.accountId, (db) =>
      raiseAttention(db, { orderId: ids['C2']!, workflowId: null, step: 'route', code: 'unmapped_sku' }),
    );

    const asked = (await rows(merchant, 'attention=true&sort=shipBy')).data;
    expect(asked).toEqual([
      expect.objectContaining({ number: 'C2', badge: 'attention', attentionCode: 'unmapped_sku' }),
    ]);
    expect(await numbers(merchant, 'placedAfter=2026-11-01T12:00:00Z&placedBefore=2026-11-03T00:00:00Z')).toEqual([
      'C2',
    ]);
  });

  it('shows nothing of another account', async () => {
    const { ids } = await orders({ D1: { shipTo: { ...shipTo, name: 'Only Mine' } } });
    const { merchant: other, channelId } = await aMerchant(api);
    await aPostedOrder(other, { ...anOrder(channelId), number: 'D2' });

    for (const query of ['', `ids=${ids['D1']!}`, 'q=D', 'q=only', 'number=D1', 'side=selling', 'sort=shipBy']) {
      expect(await numbers(other, query)).not.toContain('D1');
    }
    expect((await other.get(`/v1/orders/${ids['D1']!}`)).statusCode).toBe(404);
  });
});

describe('paging', () => {
  it.each(orderSorts)('by %s shows each order once, also through ties', async (sort) => {
    const placedAt = '2026-11-05T10:00:00.000Z';
    const given = Object.fromEntries(
      Array.from({ length: 7 }, (_, n) => [`E${n}`, n > 1 && n < 6 ? { placedAt } : {}]),
    );
    const { merchant, ids } = await orders(given);
    await ship(merchant, ids['E3']!);
    await merchant.post(`/v1/orders/${ids['E4']!}/cancel`, { reason: 'fraud' });

    const seen: Row[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { data: Row[]; nextCursor: string | null } = await rows(
        merchant,
        `sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.data);
      cursor = page.nextCursor;
    }

    expect(seen.map(({ number }) => number).sort()).toEqual(Object.keys(given));
    const keys = seen.map((row) =>
      String(sort.endsWith('createdAt') ? row['createdAt'] : (row.shipBy ?? row.placedAt)),
    );
    const sorted = [...keys].sort();
    expect(keys).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted);
  });

  it('refuses the cursor of another sort, and nonsense', async () => {
    const { merchant } = await orders({ F1: {}, F2: {} });
    const usual = (await rows(merchant, 'limit=1')).nextCursor!;
    const placed = (await rows(merchant, 'limit=1&sort=placedAt')).nextCursor!;

    for (const query of [
      `sort=placedAt&cursor=${usual}`,
      `cursor=${placed}`,
      `sort=-placedAt&cursor=${placed}`,
      `sort=shipBy&cursor=x`,
    ]) {
      const answer = await merchant.get(`/v1/order-rows?${query}`);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'invalid_cursor']);
    }
    expect(await numbers(merchant, `sort=placedAt&cursor=${placed}`)).toEqual(['F2']);
  });
});

it('GET /v1/orders takes the same filters and sorts', async () => {
  const { merchant, ids } = await orders({ G1: {}, G2: {} });
  await ship(merchant, ids['G1']!);
  const list = async (query: string) =>
    (await merchant.get(`/v1/orders?${query}`)).json<{ data: Row[] }>().data.map(({ number }) => number);

  expect(await list('sort=placedAt')).toEqual(['G1', 'G2']);
  expect(await list('status=shipped&status=split')).toEqual(['G1']);
  expect(await list('q=g2')).toEqual(['G2']);
  const csv = await merchant.get('/v1/orders?sort=placedAt&status=awaiting_fulfillment');
  expect(csv.statusCode).toBe(200);
});

describe('POST /v1/orders/printed', () => {
  it('notes the last time, and refuses all where one is unknown', async () => {
    const { merchant, ids } = await orders({ H1: {}, H2: {} });
    const printed = (list: string[]) => merchant.post('/v1/orders/printed', { orders: list });
    const times = async () => (await rows(merchant, 'sort=placedAt')).data.map((row) => row['printedAt']);

    expect((await printed([ids['H1']!, 'ord_unknown'])).statusCode).toBe(404);
    expect(await times()).toEqual([null, null]);
    expect((await printed([ids['H1']!])).statusCode).toBe(204);
    const [first] = await times();
    expect((await printed([ids['H1']!, ids['H1']!])).statusCode).toBe(204);
    const [second, never] = await times();
    expect(Date.parse(String(second))).toBeGreaterThan(Date.parse(String(first)));
    expect(never).toBeNull();
  });

  it('is not done to orders of another account, nor with a key that only reads', async () => {
    const { merchant, ids } = await orders({ I1: {} });
    const other = await api.anAccount();
    const reader = await api.aKeyOf(merchant, ['read']);

    expect((await other.post('/v1/orders/printed', { orders: [ids['I1']!] })).statusCode).toBe(404);
    expect((await reader.post('/v1/orders/printed', { orders: [ids['I1']!] })).statusCode).toBe(403);
    expect((await rows(merchant)).data[0]!['printedAt']).toBeNull();
  });
});
