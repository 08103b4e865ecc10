import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessConformance } from '../conformance/access.ts';
import { changeConformance } from '../conformance/changes.ts';
import { orderConformance } from '../conformance/orders.ts';
import { pagingConformance } from '../conformance/paging.ts';
import { shipmentConformance } from '../conformance/shipments.ts';
import { stockConformance } from '../conformance/stock.ts';
import { webhookConformance } from '../conformance/webhooks.ts';
import { startShopifyHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startShopifyHarness>>;
beforeAll(async () => {
  harness = await startShopifyHarness({ bulk: 300 });
});
afterAll(async () => {
  await harness?.stop();
});

const traits = {
  stock: 'available',
  reference: 'none',
  correct: 'in_place',
  void: 'any',
  steps: 'one',
  changes: 'all',
  clockGrainMs: 1000,
} as const;

describe('a simulated Shopify shop', () => {
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
  describe('changes by a clerk', () => {
    changeConformance(() => harness, ['edit', 'add', 'giveBack', 'hold', 'release', 'deleteProduct']);
  });
  describe('webhooks', () => {
    webhookConformance(() => harness);
  });

  it('asks for a right of its own where older orders are to be imported than an app may see', async () => {
    const open = (importFrom: string) => harness.open({ settings: { importFrom } }).describeAccess();

    const old = await open(new Date(Date.now() - 61 * 86_400_000).toISOString());
    const recent = await open(new Date(Date.now() - 59 * 86_400_000).toISOString());

    expect([old.missing, recent.missing]).toEqual([['read_all_orders'], []]);
  });
});
