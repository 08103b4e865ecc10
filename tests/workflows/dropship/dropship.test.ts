import { describe, expect, it } from '@jest/globals';
import { canary } from '../../support/trade/trade.ts';
import { cancel, first, permanently, readable, retry, skip, startRig } from '../../support/engine/workflow-rig.ts';
import type { Fakes } from '../../support/engine/well-done.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { imported } from '../../support/models/recorded-lives.ts';

const rig = forTheFile(startRig);

/** A dropship whose order the supplier has: three units of one line. */
const anImported = (fakes?: Fakes) => imported(rig, fakes);

describe('a shipment', () => {
  it('is recorded, relayed and pushed, and the dropship ends when all units have shipped', async () => {
    const life = await anImported();
    const input = life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] });

    const answer = await life.record(input);

    expect(answer).toMatchObject({ id: input.shipmentId });
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    const { dropshipId } = life;
    const { shipmentId } = input;
    expect(life.calls.slice(2)).toEqual([
      { activity: 'recordShipment', input: { ...input, dropshipId, relays: true } },
      { activity: 'pushShipment', input: { orderId: 'ord_merchant', shipmentId } },
    ]);
    expect(await life.details()).toContain('Every unit has shipped');
  });

  it('that the shop shows as soon as the merchant has it is not pushed', async () => {
    const shown = { orderId: 'ord_merchant', isShown: true };
    const life = await anImported({ recordShipment: () => ({ shipment: { id: 'recorded' }, relayed: shown }) });

    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names().slice(2)).toEqual(['recordShipment']);
  });

  it('whose relay is refused is relayed by the main loop', async () => {
    const life = await anImported({ recordShipment: () => ({ shipment: { id: 'recorded' }, relayed: null }) });

    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names().slice(2)).toEqual(['recordShipment', 'relayShipment', 'pushShipment']);
  });

  it.each<[string, object]>([
    ['line_not_found', { lines: [{ lineId: 'L9', quantity: 1 }] }],
    ['quantity_exceeds_open', { lines: [{ lineId: 'L1', quantity: 3 }] }],
    ['tracking_already_recorded', { trackingNumber: 'first one' }],
    ['invalid_request', { lines: undefined }],
    ['invalid_request', { lines: [] }],
    ['invalid_request', { lines: [{ lineId: 'L1', quantity: -1 }] }],
    ['invalid_request', { carrier: undefined }],
  ])('is refused as %s: %j, and leaves no trace', async (code, change) => {
    const life = await anImported();
    await life.record(life.shipment(1, { trackingNumber: 'FIRST-ONE' }));
    await life.untilCalled('pushShipment');

    expect(await life.record(life.shipment(2, change))).toEqual({ refused: code });

    expect(life.callsOf('recordShipment')).toHaveLength(1);
    expect(await life.record(life.shipment(3, { lines: [{ lineId: 'L1', quantity: 2 }] }))).toMatchObject({
      trackingNumber: life.shipment(3).trackingNumber,
    });
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('sent twice has the same answer and goes the way once', async () => {
    const life = await anImported();
    const input = life.shipment(1);

    const answers = await Promise.all([life.record(input), life.record(input)]);
    const later = await life.record(input);
    await life.untilCalled('pushShipment');
    await life.record(life.shipment(2, { lines: [{ lineId: 'L1', quantity: 2 }] }));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(answers).toEqual([later, later]);
    expect(life.callsOf('pushShipment').map(({ input: { shipmentId } }) => shipmentId)).toEqual([
      input.shipmentId,
      life.shipment(2).shipmentId,
    ]);
  });

  it('of which 16 come at once takes exactly the units there are', async () => {
    const life = await anImported({
      importDropship: () => ({ lines: [{ lineId: 'L1', quantity: 10, shipped: 0, cancelled: 0 }] }),
    });

    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => closedOr(life.record(life.shipment(n)))));

    const recorded = answers.filter((answer) => typeof answer === 'object' && answer !== null && 'id' in answer);
    expect(recorded).toHaveLength(10);
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('recordShipment')).toHaveLength(10);
    expect(life.callsOf('pushShipment')).toHaveLength(10);
  });

  it('that cannot be recorded gives its units back', async () => {
    const life = await anImported({
      recordShipment: first(1, permanently('order_not_found'), () => ({
        shipment: { id: 'recorded' },
        relayed: { orderId: 'ord_merchant', isShown: false },
      })),
    });
    const all = { lines: [{ lineId: 'L1', quantity: 3 }] };

    expect(await life.record(life.shipment(1, all))).toEqual({ refused: 'order_not_found' });

    expect(await life.record(life.shipment(2, all))).toEqual({ id: 'recorded' });
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('pushShipment')).toHaveLength(1);
  });
});

describe('a dropship whose push is parked', () => {
  it('takes shipments meanwhile and brings them to the merchant, and is not over before the last push', async () => {
    const life = await anImported({
      pushShipment: first(1, permanently('channel_refused'), () => ({ remoteIds: ['f1'] })),
    });
    await life.record(life.shipment(1));
    await life.parked();

    const answer = await life.record(life.shipment(2, { lines: [{ lineId: 'L1', quantity: 2 }] }));

    expect(answer).toMatchObject({ id: life.shipment(2).shipmentId });
    // The merchant has the second tracking although the first is not in the shop.
    expect(life.callsOf('recordShipment').map(({ input }) => input['relays'])).toEqual([true, true]);
    expect((await life.handle.describe()).status.name).toBe('RUNNING');
    expect(await life.view()).toEqual({ needsAttention: true, code: 'channel_refused', stage: 'push' });
    await life.resolve(retry);
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('pushShipment').map(({ input: { shipmentId } }) => shipmentId)).toEqual(
      [1, 1, 2].map((n) => life.shipment(n).shipmentId),
    );
  });

  it('goes on without the shop when it is skipped, and waits for the next shipment', async () => {
    const life = await anImported({ pushShipment: permanently('gone_at_channel') });
    await life.record(life.shipment(1));
    await life.parked();

    await life.resolve(skip);

    await life.untilStage('awaiting_shipment');
    expect(await life.view()).toEqual({ needsAttention: false, code: undefined, stage: 'awaiting_shipment' });
    expect(await life.details()).toContain('Waits for its shipments');
  });

  it('never skips the way back to the merchant', async () => {
    const life = await anImported({
      recordShipment: () => ({ shipment: { id: 'recorded' }, relayed: null }),
      relayShipment: permanently('unexpected'),
    });
    await life.record(life.shipment(1));
    await life.parked();

    expect([await life.resolve(skip), await life.resolve(cancel)]).toEqual([
      { refused: 'resolution_not_possible' },
      { refused: 'resolution_not_possible' },
    ]);
  });
});

describe('the history', () => {
  it('keeps no word of what an activity threw, only its code', async () => {
    const lines = [{ lineId: 'L1', quantity: 1, shipped: 0, cancelled: 0 }];
    const say = () => {
      throw new Error(`duplicate key: (${canary.email}) ${canary.name}`);
    };
    const life = await anImported({ importDropship: first(1, say, () => ({ lines })) });

    const history = readable(await life.history());

    expect(life.callsOf('importDropship')).toHaveLength(2);
    expect(history).toContain('Unexpected error, see the worker log.');
    for (const word of Object.values(canary)) expect(history).not.toContain(word);
  });
});

describe('a long life', () => {
  it('goes on in a new run with all that it knows, though the server forgets its update ids', async () => {
    const life = await anImported();
    const known = life.shipment(1);
    const answer = await life.record(known, 'update-1');
    await life.untilCalled('pushShipment');

    await life.untilFreshRun();

    expect(await life.record(known, 'update-1')).toEqual(answer);
    expect(await life.record(life.shipment(2, { trackingNumber: known.trackingNumber }))).toEqual({
      refused: 'tracking_already_recorded',
    });
    expect(await life.record(life.shipment(3, { lines: [{ lineId: 'L1', quantity: 3 }] }))).toEqual({
      refused: 'quantity_exceeds_open',
    });
    expect(await life.details()).toContain('Waits for its shipments');
    await life.record(life.shipment(4, { lines: [{ lineId: 'L1', quantity: 2 }] }));
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('openDropship')).toHaveLength(1);
    expect(life.callsOf('pushShipment')).toHaveLength(2);
  });
});

/** The workflow may have ended before the last of several messages came. */
const closedOr = (answer: Promise<unknown>) => answer.catch(() => 'closed');
