import { afterAll, beforeAll, describe } from '@jest/globals';
import { accessConformance } from '../conformance/access.ts';
import { changeConformance } from '../conformance/changes.ts';
import { orderConformance } from '../conformance/orders.ts';
import { pagingConformance } from '../conformance/paging.ts';
import { shipmentConformance } from '../conformance/shipments.ts';
import { stockConformance } from '../conformance/stock.ts';
import { webhookConformance } from '../conformance/webhooks.ts';
import { startWooCommerceHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startWooCommerceHarness>>;
beforeAll(async () => {
  harness = await startWooCommerceHarness({ bulk: 300 });
});
afterAll(async () => {
  await harness?.stop();
});

const traits = {
  stock: 'available',
  reference: 'stored',
  correct: 'in_place',
  void: 'any',
  steps: 'one',
  changes: 'all',
  clockGrainMs: 1_000,
} as const;

describe('a WooCommerce shop', () => {
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
  // After them, since it deletes a product.
  describe('changes by a clerk', () => {
    changeConformance(() => harness, ['edit', 'add', 'giveBack', 'deleteProduct']);
  });
  describe('webhooks', () => {
    webhookConformance(() => harness, { isRepeated: false });
  });
});
