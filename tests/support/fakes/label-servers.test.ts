import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { aPurchase, localHarness } from '../../activities/labels/providers/harness.ts';
import { startLabelProcess } from './label-servers.ts';
import { readLabelLedger, sumOfKind } from './labels/ledger.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'label-servers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['easypost', 'shippo'] as const)('a provider of labels in its own process: %s', (kind) => {
  it('has each charge and refund on disk before it answers', async () => {
    const ledgerPath = path.join(folder, `${kind}.jsonl`);
    const server = await startLabelProcess(kind, { ledgerPath });
    const urls = { easypost: server.url, shippo: server.url };
    const provider = localHarness(kind).open({
      credentials: { apiKey: server.apiKey },
      urls,
      allowedHosts: [server.host],
    });
    await server.set({ refunds: 'refunded' });

    const [one, two] = [await aPurchase(provider), await aPurchase(provider)];
    const bought = [await provider.buy(one), await provider.buy(two)];
    await provider.refund({ shipmentId: one.shipmentId, providerLabelId: bought[0]!.providerLabelId });
    const asked = await server.ledger();
    await server.stop();

    const entries = readLabelLedger(ledgerPath);
    expect(entries).toEqual(asked);
    expect(entries.map(({ kind: what, trackingNumber }) => [what, trackingNumber])).toEqual([
      ['charge', bought[0]!.trackingNumber],
      ['charge', bought[1]!.trackingNumber],
      ['refund', bought[0]!.trackingNumber],
    ]);
    expect(sumOfKind(entries, 'charge') - sumOfKind(entries, 'refund')).toBe(bought[1]!.cost.amount);
  });
});
