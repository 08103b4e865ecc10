import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessConformance } from '../conformance/access.ts';
import { changeConformance } from '../conformance/changes.ts';
import { orderConformance } from '../conformance/orders.ts';
import { pagingConformance } from '../conformance/paging.ts';
import { shipmentConformance } from '../conformance/shipments.ts';
import { stockConformance } from '../conformance/stock.ts';
import { webhookConformance } from '../conformance/webhooks.ts';
import { faultOf } from '../harness.ts';
import { firstStartLimitMs, startVendureHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startVendureHarness>>;
beforeAll(async () => {
  harness = await startVendureHarness({ bulk: 300 });
}, firstStartLimitMs);
afterAll(async () => {
  await harness?.stop();
});

const traits = {
  stock: 'on_hand',
  reference: 'unique',
  correct: 'in_place',
  void: 'any',
  steps: 'two',
  changes: 'all',
  clockGrainMs: 1,
} as const;

describe('a Vendure shop', () => {
  describe('shipments', () => {
    shipmentConformance(() => harness, traits);
  });
  describe('access and faults', () => {
    accessConformance(() => harness, { hasRights: true });
  });
  describe('orders', () => {
    orderConformance(() => harness, traits);
    pagingConformance(() => harness);
  });
  describe('products and stock', () => {
    stockConformance(() => harness);
  });
  describe('webhooks', () => {
    webhookConformance(() => harness);
  });
  // Last: a product is deleted.
  describe('changes by a clerk', () => {
    changeConformance(() => harness, ['edit', 'add', 'giveBack', 'deleteProduct']);
  });

  it('works with an API key, of which only the reads can be proven', async () => {
    const { apiKey, revoke } = await harness.shop.createApiKey(['ReadOrder', 'UpdateOrder']);
    const access = await harness.open({ credentials: { apiKey } }).describeAccess();
    await revoke();

    const revoked = await faultOf(harness.open({ credentials: { apiKey } }).importOrders(null));

    expect(access).toMatchObject({
      missing: ['ReadCatalog', 'ReadStockLocation'],
      unproven: ['UpdateOrder', 'UpdateCatalog'],
    });
    expect(revoked).toEqual({ kind: 'auth_failed' });
  });

  it('knows what needs no shipping by the custom field that the settings name', async () => {
    await harness.shop.updateVariant('GIFT-CARD-25', { customFields: { isDigital: true } });
    const skus: [string, number][] = [
      ['POSTER-A2', 1],
      ['GIFT-CARD-25', 1],
    ];
    const { remoteId } = await harness.place({ skus });
    const needs = async (settings: object) =>
      (await harness.open({ settings }).getOrder(remoteId)).lines.map((line) => line.requiresShipping ?? true);

    const fault = (digitalField: string) => faultOf(harness.open({ settings: { digitalField } }).describeAccess());
    const unknown = await fault('isVirtual');
    // A text, which every shop has there.
    const text = await fault('__typename');

    expect(await needs({ digitalField: 'isDigital' })).toEqual([true, false]);
    expect(await needs({})).toEqual([true, true]);
    expect((await harness.open({ settings: { digitalField: 'isDigital' } }).describeAccess()).missing).toEqual([]);
    expect(unknown).toEqual({ kind: 'invalid', field: 'digitalField', code: 'unknown' });
    expect(text).toEqual({ kind: 'invalid', field: 'digitalField', code: 'not_boolean' });
  });

  it('takes an order that is placed and not paid for ready where the settings say so', async () => {
    const { remoteId } = await harness.place({ skus: [['GIFT-CARD-25', 1]], paid: false });
    const stateBy = async (settings: object) => (await harness.open({ settings }).getOrder(remoteId)).state;

    expect(await stateBy({ importWhen: 'placed' })).toBe('ready');
    expect([await stateBy({}), await stateBy({ importWhen: 'paid' })]).toEqual(['waiting', 'waiting']);
  });

  it('says what was paid back', async () => {
    const { remoteId } = await harness.place({ skus: [['GIFT-CARD-25', 1]] });
    const read = async () => (await harness.open().getOrder(remoteId)).refundedMinor;
    const before = await read();

    await harness.shop.refund(remoteId, 700);

    expect([before, await read()]).toEqual([0, 700]);
  });
});
