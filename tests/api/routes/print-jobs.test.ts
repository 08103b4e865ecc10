import { describe, expect, it } from '@jest/globals';
import { inPostgres } from '../../../db/documents/store.ts';
import { storeBytes, storeDocument } from '../../../db/documents/documents.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { readInAccount, withAccount, withSystem } from '../../../db/engine/with-account.ts';
import { listUnstartedPrintJobs } from '../../../db/paper/print-jobs.ts';
import { DomainError } from '../../../domain/errors.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { aProblem, openApi, withoutRequestId, type Caller } from '../../support/engine/test-api.ts';
import { aMerchant, anOrder, aPostedOrder } from '../../support/trade/api-orders.ts';

type Job = { id: string; orderIds: string[]; [field: string]: unknown };
const pdf = Buffer.from('%PDF-1.7 of a slip');
let isAway = false;

/** The slip's workflow, in short: it stores what it made. */
async function makePackingSlip(pool: Pool, orderId: string): Promise<{ documentId: string }> {
  if (isAway) throw new DomainError('temporal_unavailable', 'Temporal is away.');
  const accountId = owners.get(orderId)!;
  const bytes = await storeBytes(inPostgres, accountId, { kind: 'packing_slip', bytes: pdf });
  const documentId = await withAccount(pool, accountId, (db) =>
    storeDocument(db, inPostgres, { bytes, mediaType: 'application/pdf', orderId }),
  );
  return { documentId };
}
const owners = new Map<string, string>();
const api = forTheFile(() =>
  openApi((pool) => ({
    startPrintJob: async () => !isAway,
    makePackingSlip: (orderId) => makePackingSlip(pool, orderId),
  })),
);

async function aMerchantWithOrders(count: number) {
  const { merchant, channelId } = await aMerchant(api);
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push((await aPostedOrder(merchant, anOrder(channelId))).id);
  for (const id of ids) owners.set(id, merchant.accountId);
  return { merchant, channelId, ids };
}
const rowsOf = (account: Caller) =>
  readInAccount(api.pool, account.accountId, (db) => db('print_jobs').select('id', 'started_at', 'actor_id'));

describe('a print job', () => {
  it('is stored, then started by its id', async () => {
    const { merchant, ids } = await aMerchantWithOrders(2);
    const body = { orderIds: [...ids, ids[0]!], documents: ['pick_list', 'packing_slip', 'pick_list'], paper: 'a4', sort: 'bin' }; // prettier-ignore

    const made = await merchant.post('/v1/print-jobs', body);

    expect(made.statusCode).toBe(202);
    const job = made.json<Job>();
    expect(job).toEqual({
      id: expect.stringMatching(/^pjob_/),
      status: 'running',
      orderIds: ids,
      documents: ['pick_list', 'packing_slip'],
      paper: 'a4',
      sort: 'bin',
      pages: null,
      documentId: null,
      failures: [],
      cause: null,
      createdAt: expect.any(String),
      finishedAt: null,
    });
    expect(api.ledger.at(-1)).toEqual({ call: 'startPrintJob', args: [job.id] });
    expect((await merchant.get(`/v1/print-jobs/${job.id}`)).json()).toEqual(job);
    expect(await rowsOf(merchant)).toEqual([expect.objectContaining({ id: job.id, started_at: expect.any(Date) })]);
  });

  it('is made once under one Idempotency-Key', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);
    const post = (body: object) => merchant.post('/v1/print-jobs', body, { 'idempotency-key': 'print-1' });
    const body = { orderIds: ids, documents: ['packing_slip'] };

    const [first, repeated] = [await post(body), await post(body)];
    const other = await post({ ...body, documents: ['pick_list'] });

    expect(repeated.json()).toEqual(first.json());
    expect(repeated.statusCode).toBe(202);
    expect(await rowsOf(merchant)).toHaveLength(1);
    expect(other.json()).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('that could not be started is left to the sweep', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);
    isAway = true;
    const made = await merchant.post('/v1/print-jobs', { orderIds: ids, documents: ['packing_slip'] });
    isAway = false;

    expect(made.statusCode).toBe(202);
    const lost = await withSystem(api.pool, (db) => listUnstartedPrintJobs(db, { seconds: 0, limit: 100 }));
    expect(lost).toEqual([{ accountId: merchant.accountId, printJobId: made.json<Job>().id }]);
  });

  it('takes the orders of a filter, but not those that were split', async () => {
    const { merchant, channelId, ids } = await aMerchantWithOrders(3);
    const split = (await merchant.get(`/v1/orders/${ids[0]}`)).json<{ lines: { id: string }[] }>();
    const group = { lines: [{ lineId: split.lines[0]!.id, quantity: 1 }] };
    const { orders } = (await merchant.post(`/v1/orders/${ids[0]}/split`, { groups: [group, group] })).json<{
      orders: { id: string }[];
    }>();
    await merchant.post(`/v1/orders/${ids[2]}/cancel`, { reason: 'fraud' });
    const idsOf = async (filter: object) => {
      const made = await merchant.post('/v1/print-jobs', { filter, documents: ['packing_slip'] });
      return made.json<Job>().orderIds.sort();
    };
    const open = [ids[1]!, ...orders.map(({ id }) => id)];

    expect(await idsOf({ status: ['awaiting_fulfillment', 'partially_shipped'], channelId })).toEqual(open.sort());
    expect(await idsOf({ channelId })).toEqual([...open, ids[2]!].sort());
  });

  it('is refused where nothing or too much is meant', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);
    const many = Array.from({ length: 201 }, (_, at) => `ord_${at}`);
    const post = (body: object) => merchant.post('/v1/print-jobs', { documents: ['packing_slip'], ...body });

    const none = await post({ filter: { q: 'nothing has this' } });
    const tooMany = await post({ orderIds: many });

    expect(none.json()).toEqual(aProblem(none, 'nothing_to_print', { detail: 'No order is meant.' }));
    const detail = 'A print job has at most 200 orders.';
    expect(tooMany.json()).toEqual(aProblem(tooMany, 'print_job_too_large', { detail }));
    for (const body of [
      {},
      { orderIds: ids, filter: {} },
      { orderIds: [] },
      { orderIds: ids, documents: [] },
      { orderIds: ids, paper: 'a5' },
    ])
      // prettier-ignore
      expect((await post(body)).json()).toMatchObject({ status: 422, code: 'invalid_request' });
    expect(await rowsOf(merchant)).toEqual([]);
  });

  it('of a filter of too many orders is refused', async () => {
    const { merchant, channelId } = await aMerchantWithOrders(1);
    await withAccount(api.pool, merchant.accountId, (db) =>
      db.raw(
        `insert into orders (account_id, id, channel_id, remote_id, number, status, placed_at, currency, ship_to, content_hash)
         select account_id, 'ord_copy' || n, channel_id, 'copy-' || n, 'C' || n, status, placed_at, currency, ship_to, content_hash
         from orders, generate_series(1, 200) n`,
      ),
    );

    const made = await merchant.post('/v1/print-jobs', { filter: { channelId }, documents: ['pick_list'] });

    expect(made.json()).toMatchObject({ status: 422, code: 'print_job_too_large' });
  });

  it('of another account looks like none, and lists are each account’s own', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);
    const { id } = (await merchant.post('/v1/print-jobs', { orderIds: ids, documents: ['pick_list'] })).json<Job>();
    const packer = await api.aKeyOf(merchant, ['ship']);
    const reader = await api.aKeyOf(merchant, ['read']);
    const stranger = await api.anAccount();

    const [foreign, unknown] = [
      await stranger.get(`/v1/print-jobs/${id}`),
      await stranger.get('/v1/print-jobs/pjob_x'),
    ];

    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect((await stranger.get('/v1/print-jobs')).json()).toEqual({ data: [], nextCursor: null });
    expect((await packer.post('/v1/print-jobs', { orderIds: ids, documents: ['pick_list'] })).statusCode).toBe(202);
    expect((await reader.post('/v1/print-jobs', { orderIds: ids, documents: ['pick_list'] })).statusCode).toBe(403);
    const page = (await reader.get('/v1/print-jobs?limit=1')).json<{ data: Job[]; nextCursor: string }>();
    const rest = (await reader.get(`/v1/print-jobs?cursor=${page.nextCursor}`)).json<{ data: Job[] }>();
    expect(page.data).toHaveLength(1);
    expect(rest.data.map((job) => job.id)).toEqual([id]);
  });
});

describe('the packing slip of an order', () => {
  it('is sent as a PDF that a browser shows and stores for nobody else', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);

    const sent = await merchant.get(`/v1/orders/${ids[0]}/packing-slip?paper=letter`);

    expect(sent.statusCode).toBe(200);
    expect(sent.rawPayload.equals(pdf)).toBe(true);
    expect(sent.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="packing-slip-${ids[0]}.pdf"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(api.ledger.at(-1)).toEqual({ call: 'makePackingSlip', args: [ids[0], 'letter'] });
  });

  it('is 4x6 unless said otherwise, on papers that there are', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);

    await merchant.get(`/v1/orders/${ids[0]}/packing-slip`);

    expect(api.ledger.at(-1)?.args).toEqual([ids[0], '4x6']);
    expect((await merchant.get(`/v1/orders/${ids[0]}/packing-slip?paper=a5`)).statusCode).toBe(422);
  });

  it('of another account looks like none, and nobody is asked for it', async () => {
    const { ids } = await aMerchantWithOrders(1);
    const stranger = await api.anAccount();
    const asked = api.ledger.length;

    const [foreign, unknown] = [
      await stranger.get(`/v1/orders/${ids[0]}/packing-slip`),
      await stranger.get('/v1/orders/ord_unknown/packing-slip'),
    ];

    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect(api.ledger.slice(asked)).toEqual([]);
  });

  it('is answered with 503 while Temporal is away', async () => {
    const { merchant, ids } = await aMerchantWithOrders(1);
    isAway = true;
    const refused = await merchant.get(`/v1/orders/${ids[0]}/packing-slip`);
    isAway = false;

    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2']);
  });
});
