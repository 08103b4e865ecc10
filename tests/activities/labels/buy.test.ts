import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { closeAttention, raiseAttention } from '../../../db/attentions.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { oddPostalCodes } from '../../support/fakes/labels/simulator.ts';
import { workflowIds } from '../../../workflows/names.ts';
import { aBuyer, startProvider, type Buyer } from '../../support/trade/bought-labels.ts';

let pool: Pool;
onDatabase(8, (opened) => {
  pool = opened;
});

/** The code of a step's failure, and whether it parks at once. */
async function failureOf(
  work: Promise<unknown>,
): Promise<{ code: string | null | undefined; parks: boolean | null | undefined }> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error('It did not fail as a step does.', { cause: error });
  return { code: error.type, parks: error.nonRetryable };
}
const waits = { code: 'label_outcome_unknown', parks: false };
const parks = { code: 'label_outcome_unknown', parks: true };

const boughtEvents = async ({ accountId }: Buyer, orderId: string) => {
  const { data } = await withAccount(pool, accountId, (db) => listOrderEvents(db, orderId, { limit: 50 }));
  return data.filter(({ type }) => type === 'label_bought');
};

describe.each(['easypost', 'shippo'] as const)('a purchase at %s', (kind) => {
  const provider = forTheFile(() => startProvider(kind));
  const chargesOf = async () => (await provider.charged()).length;

  it('is charged once, and the row has what was bought', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });
    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });

    const purchase = (await provider.server.purchases()).at(-1)!;
    expect(await buyer.read(ids.labelId)).toMatchObject({
      status: 'bought',
      trackingNumber: purchase.trackingNumber,
      cost: { amount: purchase.minor, currency: 'USD' },
      carrier: 'usps',
      boughtAt: expect.any(String),
    });
    expect(await chargesOf()).toBe(before + 1);
    expect(await boughtEvents(buyer, ids.orderId)).toHaveLength(1);
  });

  it.each(['dropAnswers', 'failAnswers'] as const)(
    'whose answer is lost (%s) is found, not made again',
    async (fault) => {
      const buyer = await aBuyer(pool, provider);
      const ids = await buyer.label();
      const before = await chargesOf();
      provider.proxy[fault]({ times: 1, matching: provider.isPurchase });

      expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(waits);
      expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });

      expect(await chargesOf()).toBe(before + 1);
      expect((await buyer.read(ids.labelId)).trackingNumber).toBe(
        (await provider.server.purchases()).at(-1)!.trackingNumber,
      );
    },
  );

  it('that two workers make at the same time is charged once', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();

    await Promise.allSettled([1, 2, 3, 4].map(() => buyer.activities.buyLabel(ids)));
    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });

    expect(await chargesOf()).toBe(before + 1);
    expect(await boughtEvents(buyer, ids.orderId)).toHaveLength(1);
  });

  it.each([
    ['limits our calls', () => provider.proxy.limitRate(1, { times: 1, matching: provider.isPurchase })],
    ['refuses the key', () => provider.proxy.refuse(401, { times: 1, matching: provider.isPurchase })],
  ])('at a provider that %s is made later, once', async (_what, place) => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    place();

    await failureOf(buyer.activities.buyLabel(ids));
    expect(await buyer.row(ids.labelId)).toMatchObject({ status: 'requested', purchase_sent_at: null });
    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });

    expect(await chargesOf()).toBe(before + 1);
  });

  it('without money fails, and nothing is charged', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    await provider.server.set({ balance: 10 });

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'failed' });
    await provider.server.set({ balance: null });

    expect(await buyer.read(ids.labelId)).toMatchObject({
      failure: 'balance_too_low',
      cost: null,
      trackingNumber: null,
    });
    // The provider's shipment is free for another label.
    expect(await buyer.row(ids.labelId)).toMatchObject({ provider_shipment_id: null });
    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'failed' });
    expect(await chargesOf()).toBe(before);
  });

  it.each([
    ['address_not_deliverable', oddPostalCodes.addressRefused],
    ['label_refused', oddPostalCodes.labelRefused],
  ])('that is refused as %s fails, and nothing is charged', async (failure, postalCode) => {
    const buyer = await aBuyer(pool, provider, { to: { postalCode } });
    const ids = await buyer.label();
    const before = await chargesOf();

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'failed' });

    expect((await buyer.read(ids.labelId)).failure).toBe(failure);
    expect(await chargesOf()).toBe(before);
  });

  it('of units that were cancelled meanwhile is not made', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    await withAccount(pool, buyer.accountId, (db) =>
      db('order_lines').where({ order_id: ids.orderId }).update({ cancelled: 1 }),
    );

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'failed' });

    expect((await buyer.read(ids.labelId)).failure).toBe('quantity_exceeds_open');
    expect(await chargesOf()).toBe(before);
  });

  it('whose quote has ended while it waited is not made', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    await withAccount(pool, buyer.accountId, (db) =>
      db('label_ratings').where({ order_id: ids.orderId }).update({ expires_at: db.fn.now() }),
    );

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'failed' });

    expect((await buyer.read(ids.labelId)).failure).toBe('rate_expired');
    expect(await chargesOf()).toBe(before);
  });

  it('whose answer is lost while its units are cancelled is found: it is to be taken back', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    provider.proxy.dropAnswers({ times: 1, matching: provider.isPurchase });
    await failureOf(buyer.activities.buyLabel(ids));
    await withAccount(pool, buyer.accountId, (db) =>
      db('order_lines')
        .where({ order_id: ids.orderId })
        .update({ cancelled: db.ref('quantity') }),
    );
    await withAccount(pool, buyer.accountId, (db) =>
      db('orders').where({ id: ids.orderId }).update({ status: 'cancelled' }),
    );

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });
    await buyer.activities.storeLabel(ids);

    expect(await buyer.activities.recordLabel(ids)).toEqual({ status: 'void_requested' });
    expect((await buyer.read(ids.labelId)).failure).toBe('order_cancelled');
  });

  it('that a person gives up is taken back where it was made, else it fails', async () => {
    const buyer = await aBuyer(pool, provider);
    const [made, never] = [await buyer.label(), await buyer.label()];
    provider.proxy.dropAnswers({ times: 1, matching: provider.isPurchase });
    await failureOf(buyer.activities.buyLabel(made));

    expect(await buyer.activities.abandonLabel(made)).toEqual({ status: 'bought' });
    expect(await buyer.activities.abandonLabel(never)).toEqual({ status: 'failed' });
  });

  it('has its bytes fetched and stored once', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    await buyer.activities.buyLabel(ids);

    await buyer.activities.storeLabel(ids);
    const { documentId } = await buyer.read(ids.labelId);
    await buyer.activities.storeLabel(ids);

    const rows = await withAccount(pool, buyer.accountId, (db) =>
      db('documents').where({ label_id: ids.labelId }).select<{ id: string; bytes: Buffer }[]>('id', 'bytes'),
    );
    expect(rows.map(({ id }) => id)).toEqual([documentId]);
    expect(rows[0]!.bytes.subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('a purchase that the provider does not show', () => {
  const noTransactions = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ next: null, previous: null, results: [] }),
  };
  const isList = ({ method, path }: { method: string; path: string }) =>
    method === 'GET' && path.includes('transactions');
  const provider = forTheFile(() => startProvider('shippo'));
  const chargesOf = async () => (await provider.charged()).length;

  it('is looked for a minute and then a person is asked; one that shows up later is found', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    const hidden = provider.proxy.answer(noTransactions, { matching: isList });
    provider.proxy.dropAnswers({ times: 1, matching: provider.isPurchase });
    await failureOf(buyer.activities.buyLabel(ids));

    buyer.clock.ahead = 59_000;
    expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(waits);
    buyer.clock.ahead = 61_000;
    expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(parks);
    hidden.lift();

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });
    expect(await chargesOf()).toBe(before + 1);
  });

  /** The workflow parks, and a person decides. */
  const decide = ({ accountId }: Buyer, { orderId, labelId }: { orderId: string; labelId: string }) =>
    withAccount(pool, accountId, async (db) => {
      const workflowId = workflowIds.label(labelId);
      await raiseAttention(db, { orderId, workflowId, step: 'label', code: 'label_outcome_unknown' });
      await closeAttention(db, { workflowId, action: 'retry', by: 'key_1' });
    });

  it('is made again after a person has decided so, once for each decision', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    const isLostAgain = async (ahead: number) => {
      provider.proxy.cut({ times: 1, matching: provider.isPurchase });
      await failureOf(buyer.activities.buyLabel(ids));
      buyer.clock.ahead = ahead;
      expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(parks);
      // The question may be lost in a crash: the workflow's next call asks again.
      expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(parks);
      await decide(buyer, ids);
    };
    await isLostAgain(61_000);
    await isLostAgain(122_000);
    expect(await chargesOf()).toBe(before);

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });
    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });

    expect(await chargesOf()).toBe(before + 1);
  });

  it('is not made again while the carrier has not answered the provider', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    const before = await chargesOf();
    await provider.server.set({ queues: true });
    expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(waits);
    expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(waits);
    await provider.server.set({ queues: false });
    await provider.server.finishQueued();

    expect(await buyer.activities.buyLabel(ids)).toEqual({ status: 'bought' });
    expect(await chargesOf()).toBe(before + 1);
  });
});

describe('a purchase that may have arrived', () => {
  const provider = forTheFile(() => startProvider('easypost'));
  const lost = async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    provider.proxy.cut({ times: 1, matching: provider.isPurchase });
    expect(await failureOf(buyer.activities.buyLabel(ids))).toEqual(waits);
    return { buyer, ids };
  };

  it.each([
    ['limits our calls', () => provider.proxy.limitRate(1, { times: 1, matching: provider.isPurchase })],
    ['refuses the key', () => provider.proxy.refuse(401, { times: 1, matching: provider.isPurchase })],
  ])('is not forgotten where the provider %s when it is sent again', async (_what, place) => {
    const { buyer, ids } = await lost();
    const sentAt = (await buyer.row(ids.labelId))!.purchase_sent_at;
    place();

    await failureOf(buyer.activities.buyLabel(ids));

    expect(sentAt).not.toBeNull();
    expect((await buyer.row(ids.labelId))!.purchase_sent_at).toEqual(sentAt);
  });

  it('does not fail where the second is refused: the first may have taken the money', async () => {
    const { buyer, ids } = await lost();
    await provider.server.set({ balance: 10 });

    const second = await failureOf(buyer.activities.buyLabel(ids));
    buyer.clock.ahead = 61_000;
    const later = await buyer.activities.buyLabel(ids);
    await provider.server.set({ balance: null });

    expect(second).toEqual(waits);
    expect(later).toEqual({ status: 'failed' });
  });
});
