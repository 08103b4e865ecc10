import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { raiseAttention, type NewAttention } from '../../../db/attentions.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { resolvedAtOnce } from '../../../domain/attention.ts';
import { aMerchant, anApiChannel, anOrder, aPostedOrder } from '../../support/trade/api-orders.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

type Place = { merchant: Caller; orderId: string };
type Cause = Pick<NewAttention, 'code'> & Partial<NewAttention>;

async function aPlace(): Promise<Place & { channelId: string }> {
  const { merchant, channelId } = await aMerchant(api);
  return { merchant, channelId, orderId: (await aPostedOrder(merchant, anOrder(channelId))).id };
}

let last = 0;
/** Parks that many workflows of one order, in turn; `cause.step`: push. @returns the ids, oldest first */
async function parked({ merchant, orderId }: Place, cause: Cause, times = 1): Promise<string[]> {
  return withAccount(api.pool, merchant.accountId, async (db) => {
    const ids: string[] = [];
    for (let count = 0; count < times; count += 1) {
      last += 1;
      const one = await raiseAttention(db, { orderId, workflowId: `push_shipment/${last}`, step: 'push', ...cause });
      // One transaction has one time.
      await db('attentions')
        .where({ id: one.id })
        .update({ since: new Date(Date.UTC(2026, 10, 1) + last * 1_000) });
      ids.push(one.id);
    }
    return ids;
  });
}

const summary = async (caller: Caller, query = '') =>
  (await caller.get(`/v1/attentions/summary${query}`)).json<{ data: { code: string; count: number }[] }>().data;

describe('attentions by cause', () => {
  it('is counted by code and channel, the largest group first, with what to do and since when', async () => {
    const place = await aPlace();
    const { merchant, channelId } = place;
    const other = await anApiChannel(merchant);
    await parked(place, { code: 'channel_refused', channelId }, 1);
    const [oldest] = await parked(place, { code: 'channel_unauthorized', channelId }, 3);
    await parked(place, { code: 'channel_unauthorized', channelId: other }, 2);
    await parked(place, { code: 'no_answer', step: 'relay' }, 1);
    await parked(place, { code: 'no_answer', step: 'import' }, 1);
    const { since } = (await merchant.get('/v1/attentions')).json<{ data: { id: string; since: string }[] }>().data.find(({ id }) => id === oldest)!; // prettier-ignore

    const groups = await summary(merchant);

    const hint = 'Give the channel new credentials; what is parked on it resumes by itself.';
    expect(groups[0]).toEqual({ code: 'channel_unauthorized', channelId, steps: ['push'], count: 3, since, hint });
    expect(groups).toMatchObject([
      { count: 3 },
      { code: 'channel_unauthorized', channelId: other, count: 2 },
      { code: 'no_answer', steps: ['import', 'relay'], count: 2 },
      { code: 'channel_refused', count: 1 },
    ]);
    expect(groups[2]).not.toHaveProperty('channelId');
    expect((await summary(merchant, '?code=channel_unauthorized')).map(({ count }) => count)).toEqual([3, 2]);
    expect((await summary(merchant, `?channelId=${channelId}`)).map(({ count }) => count)).toEqual([3, 1]);
    const own = await summary(merchant, `?channelId=${channelId}`);
    const named = own.map((group) => ({ ...group, accountId: merchant.accountId, accountName: 'A company' }));
    expect(await summary(api.operator, `?channelId=${channelId}`)).toEqual(named);
  });

  it('is each account’s own', async () => {
    const place = await aPlace();
    await parked(place, { code: 'gone_at_channel' });

    expect(await summary(await api.anAccount())).toEqual([]);
    expect((await (await api.anAccount()).get('/v1/attentions/summary?step=push')).json()).toMatchObject({
      status: 422,
    });
  });
});

describe('deciding about more than one request takes', () => {
  type Answer = { results: { id: string; status: string }[]; left: number };
  const resolve = async (merchant: Caller, more: object = {}) => {
    const body = { filter: { code: 'channel_refused' }, action: 'retry', reason: 'fixed_at_source', ...more };
    return (await merchant.post('/v1/attentions/resolve', body)).json<Answer>();
  };

  it('begins with the longest waiting, says how many are left, and goes on behind the last', async () => {
    const place = await aPlace();
    const ids = await parked(place, { code: 'channel_refused' }, resolvedAtOnce + 3);

    const first = await resolve(place.merchant);
    const second = await resolve(place.merchant, { after: first.results.at(-1)!.id });
    const third = await resolve(place.merchant, { after: second.results.at(-1)!.id });

    expect(first.results.map(({ id }) => id)).toEqual(ids.slice(0, resolvedAtOnce));
    expect(first.left).toBe(3);
    expect(second).toMatchObject({ left: 0 });
    expect(second.results.map(({ id }) => id)).toEqual(ids.slice(resolvedAtOnce));
    expect(third).toEqual({ results: [], left: 0 });
    expect(await resolve(place.merchant, { after: 'att_unknown' })).toEqual({ results: [], left: 0 });
  });

  it('reaches what stands behind those that refuse the decision', async () => {
    const place = await aPlace();
    await parked(place, { code: 'channel_refused', step: 'relay' }, resolvedAtOnce);
    const [behind] = await parked(place, { code: 'channel_refused' });

    const first = await resolve(place.merchant, { action: 'skip' });
    const second = await resolve(place.merchant, { action: 'skip', after: first.results.at(-1)!.id });

    expect(new Set(first.results.map(({ status }) => status))).toEqual(new Set(['failed']));
    expect([first.left, second.left]).toEqual([1, 0]);
    expect(second.results).toMatchObject([{ id: behind, status: 'ok' }]);
  });
});
