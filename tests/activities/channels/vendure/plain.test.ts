import { afterAll, beforeAll, describe } from '@jest/globals';
import { shipmentConformance } from '../conformance/shipments.ts';
import { firstStartLimitMs, startVendureHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startVendureHarness>>;
beforeAll(async () => {
  harness = await startVendureHarness({ companion: false });
}, firstStartLimitMs);
afterAll(async () => {
  await harness?.stop();
});

describe('a Vendure shop without the companion plugin', () => {
  shipmentConformance(() => harness, {
    stock: 'on_hand',
    reference: 'none',
    correct: 'replace',
    void: 'any',
    steps: 'two',
    changes: 'all',
    clockGrainMs: 1,
  });
});
