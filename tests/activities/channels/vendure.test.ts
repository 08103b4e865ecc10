import { afterAll, beforeAll, describe } from '@jest/globals';
import { shipmentConformance } from './conformance-shipments.ts';
import { startVendureHarness } from './vendure-harness.ts';

let harness: Awaited<ReturnType<typeof startVendureHarness>>;
beforeAll(async () => {
  harness = await startVendureHarness({ bulk: 300 });
});
afterAll(async () => {
  await harness?.stop();
});

describe('a Vendure shop', () => {
  describe('shipments', () => {
    shipmentConformance(() => harness, { lookup: 'reference', correct: 'in_place', void: 'any' });
  });
});
