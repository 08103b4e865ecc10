import { expect, it } from '@jest/globals';
import type { Fault } from '../../../../activities/channels/channel.ts';
import type { FaultProxy, Placed, When } from '../../../support/fakes/fault-proxy.ts';
import { aPush, errorOf, faultOf, where, type Harness } from '../harness.ts';

/**
 * Credentials and what the network does: points 1 and 16 of the conformance list.
 * @param shop.hasRights whether credentials may have some rights only
 */
export function accessConformance(harness: () => Harness, { hasRights }: { hasRights: boolean }) {
  it('misses nothing with good credentials', async () => {
    const access = await harness().open().describeAccess();

    expect(access).toMatchObject({ missing: [], unproven: [] });
    expect(access.account).not.toBe('');
    expect(access.locations.length).toBeGreaterThan(0);
  });

  it('needs no more rights than it asks for', async () => {
    const shop = harness();
    const { credentials } = await shop.revocable();
    const order = await shop.place();
    const remoteProductId = await shop.productId('MUG-SAND');
    const write = { listingId: 'lst_1', remoteProductId, sku: 'MUG-SAND', available: 31, version: 1 };

    const pushed = await shop.open({ credentials }).pushShipment(aPush(order));
    const [outcome] = await shop.open({ credentials }).writeInventory([write]);

    expect(pushed.order!.lines).toMatchObject([{ shipped: 2 }]);
    expect(outcome).toMatchObject({ outcome: 'written' });
  });

  where(hasRights)('names the right that is missing', async () => {
    const { credentials, missing } = await harness().narrow();

    const access = await harness().open({ credentials }).describeAccess();

    expect([...access.missing, ...access.unproven]).toContain(missing);
  });

  it('is refused with wrong credentials, and with those that were revoked while in use', async () => {
    const { credentials, revoke } = await harness().revocable();
    const before = await harness().open({ credentials }).describeAccess();
    await revoke();

    const revoked = await faultOf(harness().open({ credentials }).importOrders(null));
    const wrong = await faultOf(harness().open({ credentials: harness().wrong }).importOrders(null));

    expect(before.missing).toEqual([]);
    expect([revoked, wrong]).toEqual([{ kind: 'auth_failed' }, { kind: 'auth_failed' }]);
  });

  it.each([
    ['429', { status: 429, headers: { 'retry-after': '17' } }, { kind: 'rate_limited', retryAfter: 17 }],
    ['503', { status: 503 }, { kind: 'unavailable' }],
    [
      'a page of HTML',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      { kind: 'unavailable' },
    ],
    ['401', { status: 401 }, { kind: 'auth_failed' }],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://10.0.0.1/' } },
      { kind: 'invalid', field: 'url', code: 'redirected' },
    ],
    [
      'JSON of another kind',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '[1]' },
      { kind: 'unavailable' },
    ],
  ])('classifies %s to a read, and does not try again', async (_name, answer, fault) => {
    const shop = harness();
    const order = await shop.place();
    const reads = shop.proxy.answer(answer, { matching: shop.is.readOrder });

    const found = await faultOf(shop.open().getOrder(order.remoteId));
    reads.lift();

    expect(found).toEqual(fault);
    expect(reads.hits()).toBe(1);
  });

  it.each([
    ['429', (proxy, when) => proxy.limitRate(3, when), { kind: 'rate_limited', retryAfter: 3 }],
    ['503', (proxy, when) => proxy.refuse(503, when), { kind: 'unknown_outcome' }],
    ['HTML', (proxy, when) => proxy.answerHtml(when), { kind: 'unknown_outcome' }],
    ['a lost answer', (proxy, when) => proxy.dropAnswers(when), { kind: 'unknown_outcome' }],
  ] satisfies [string, (proxy: FaultProxy, when: When) => Placed, Fault][])(
    'classifies %s to a write, and does not try again',
    async (_name, place, expected) => {
      const shop = harness();
      const order = await shop.place();
      const writes = place(shop.proxy, { matching: shop.is.create });

      const found = await faultOf(shop.open().pushShipment(aPush(order)));
      writes.lift();

      expect(found).toEqual(expected);
      expect(writes.hits()).toBe(1);
    },
  );

  it('says that a shop that does not listen is unavailable, for writes too', async () => {
    const { channel, orderId } = harness().openNowhere();

    const fault = await faultOf(channel.pushShipment(aPush({ remoteId: orderId, number: '1', units: [] })));

    expect(fault).toEqual({ kind: 'unavailable' });
  });

  it('stops within a second when it is cancelled, and calls that no fault of the shop', async () => {
    const shop = harness();
    const order = await shop.place();
    const cancellation = new AbortController();
    const read = shop.proxy.hang({ times: 1, matching: shop.is.readOrder });
    const reading = shop.open({ signal: cancellation.signal }).getOrder(order.remoteId);
    await read.met;

    const cancelledAt = performance.now();
    cancellation.abort();

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - cancelledAt).toBeLessThan(1000);
  });

  it('lets no secret and nothing of the buyer into errors and cursors', async () => {
    const shop = harness();
    const order = await shop.place();
    const echo = JSON.stringify({ errors: [{ message: shop.secrets.join(' ') }] });
    const headers = { 'content-type': 'application/json' };
    const errors: unknown[] = [];
    for (const matching of [shop.is.readOrder, shop.is.create]) {
      shop.proxy.answer({ status: 200, headers, body: echo }, { times: 1, matching });
      errors.push(await errorOf(shop.open().pushShipment(aPush(order))));
    }
    const { next } = await shop.open().importOrders(null);

    const sent = [next, ...errors.map((error) => describeError(error))].join('\n');

    for (const secret of shop.secrets) expect(sent).not.toContain(secret);
  });
}

function describeError(error: unknown): string {
  const { message, stack, cause } = error as Error;
  return [message, stack, JSON.stringify(error), cause ? describeError(cause) : ''].join('\n');
}
