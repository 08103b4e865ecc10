import { afterAll, beforeAll, describe } from '@jest/globals';
import { shipmentConformance } from '../conformance/shipments.ts';
import { startWooCommerceHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startWooCommerceHarness>>;
beforeAll(async () => {
  harness = await startWooCommerceHarness({ fulfillments: false, storage: 'posts' });
});
afterAll(async () => {
  await harness?.stop();
});

describe('a WooCommerce shop without fulfillments, with orders in the older storage', () => {
  shipmentConformance(() => harness, {
    stock: 'available',
    reference: 'stored',
    correct: 'none',
    void: 'unshipped',
    steps: 'one',
    changes: 'partial',
    clockGrainMs: 1_000,
  });
});
