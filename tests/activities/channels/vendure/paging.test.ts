import { afterAll, beforeAll, describe } from '@jest/globals';
import { pagingConformance } from '../conformance/paging.ts';
import { firstStartLimitMs, startVendureHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startVendureHarness>>;
beforeAll(async () => {
  harness = await startVendureHarness();
}, firstStartLimitMs);
afterAll(async () => {
  await harness?.stop();
});

describe('a Vendure shop with many orders', () => {
  pagingConformance(() => harness);
});
