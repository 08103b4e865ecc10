import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesOf } from '../../../../domain/orders/edit.ts';
import { toIncomingOrder } from '../../../../activities/tasks/incoming-order.ts';
import type { RemoteOrder } from '../../../../activities/channels/channel.ts';
import { editByClerk } from '../../../support/fakes/shop-clerk.ts';
import { walk } from '../harness.ts';
import { firstStartLimitMs, startVendureHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startVendureHarness>>;
beforeAll(async () => {
  harness = await startVendureHarness();
}, firstStartLimitMs);
afterAll(async () => {
  await harness?.stop();
});

const connectedAt = new Date(Date.now() - 60_000);
const importFrom = (after: string | null) =>
  walk((cursor) => harness.open({ connectedAt }).importOrders(cursor), after ?? undefined);

/** As if an hour had passed since the last order came in: only a time of change finds older orders now. */
function anHourLater(cursor: string): string {
  const turn = JSON.parse(cursor) as { placed: string };
  const placed = JSON.parse(turn.placed) as { since: string };
  const since = new Date(Date.parse(placed.since) + 3_600_000).toISOString();
  return JSON.stringify({ ...turn, placed: JSON.stringify({ ...placed, since }) });
}

/** What differs between two readings of one order, as the import sees it. */
function differences(before: RemoteOrder, after: RemoteOrder) {
  const { shipTo, shippingMethod, lines } = toIncomingOrder(before);
  const stored = lines.map((line) => ({ ...line, lineId: line.remoteLineId, remaining: line.quantity }));
  return changesOf({ shipTo, shippingMethod, shop: null, lines: stored }, toIncomingOrder(after));
}

describe('an order that a clerk edits in a Vendure shop', () => {
  it('is imported again, however old it is, and shows what was edited', async () => {
    const placed = await harness.place({ skus: [['MUG-BLUE', 2]] });
    const other = await harness.place();
    const first = await importFrom(null);
    const before = first.items.find(({ remoteId }) => remoteId === placed.remoteId)!;
    const later = anHourLater(first.next);
    const quiet = await importFrom(later);

    await editByClerk(harness.shop, placed.remoteId, {
      adjustOrderLines: [{ orderLineId: placed.units[0]!.remoteLineId, quantity: 5 }],
      addItems: [{ productVariantId: await harness.productId('TEE-BLACK-M'), quantity: 1 }],
      updateShippingAddress: { streetLine1: '1 New Road', countryCode: 'US' },
    });
    const { items, next } = await importFrom(later);

    const after = items.find(({ remoteId }) => remoteId === placed.remoteId)!;
    expect(after.state).toBe('ready');
    expect(differences(before, after)).toMatchObject([
      { kind: 'quantity_changed', sku: 'MUG-BLUE', from: 2, to: 5 },
      { kind: 'line_added', sku: 'TEE-BLACK-M', from: 0, to: 1 },
      { kind: 'ship_to_changed', to: { address1: '1 New Road' } },
    ]);
    // What nobody edited may be read again, without a change.
    for (const again of [...quiet.items, ...items].filter(({ remoteId }) => remoteId === other.remoteId)) {
      expect(
        differences(
          first.items.find(({ remoteId }) => remoteId === other.remoteId)!,
          again,
        ),
      ).toEqual([]);
    }
    expect(typeof next).toBe('string');
  });

  it('is imported again when it is cancelled, however old it is', async () => {
    const placed = await harness.place();
    const later = anHourLater((await importFrom(null)).next);

    await harness.cancel(placed.remoteId);
    const { items } = await importFrom(later);

    expect(items.find(({ remoteId }) => remoteId === placed.remoteId)).toMatchObject({ state: 'cancelled' });
  });

  it('shows no edit when units are shipped or cancelled', async () => {
    const placed = await harness.place({ skus: [['MUG-BLUE', 5]] });
    const before = await harness.open().getOrder(placed.remoteId);
    const unit = [{ remoteLineId: placed.units[0]!.remoteLineId, quantity: 2 }];

    await harness.shipByHand(placed.remoteId, unit, 'HAND-1');
    await harness.cancel(placed.remoteId, unit);

    expect(differences(before, await harness.open().getOrder(placed.remoteId))).toEqual([]);
  });
});
