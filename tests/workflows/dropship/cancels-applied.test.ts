import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aGate, first, permanently, retry, startRig } from '../../support/engine/workflow-rig.ts';
import type { Fakes } from '../../support/engine/well-done.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { imported } from '../../support/models/recorded-lives.ts';

const rig = forTheFile(startRig);

const remaining = (units: number) => [{ lineId: 'L1', remaining: units }];

/** A dropship whose order the supplier has: three units of one line. */
const anImported = (fakes?: Fakes) => imported(rig, fakes);

describe('a cancel that the supplier accepts', () => {
  it('takes the units out of the reach of shipments before anything is written', async () => {
    const gate = aGate();
    const life = await anImported({ cancelAtSupplier: ({ lines }) => gate.opened.then(() => ({ lines })) });
    await life.requestCancel({ lines: remaining(1) });
    const accepted = life.acceptCancel();
    await life.untilCalled('cancelAtSupplier');

    const tooMany = await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 2 }] }));
    const rest = await life.record(life.shipment(2));
    gate.open();

    expect(tooMany).toEqual({ refused: 'quantity_exceeds_open' });
    expect(rest).toMatchObject({ id: life.shipment(2).shipmentId });
    expect(await accepted).toBe('done');
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('is accepted while its request is still being noted: the supplier sees the request a moment earlier', async () => {
    const gate = aGate();
    const life = await anImported({ noteCancelRequest: () => gate.opened.then(() => ({ isInstant: false })) });
    const asked = life.requestCancel();
    await life.untilCalled('noteCancelRequest');

    const accepted = life.acceptCancel();
    await life.details();
    gate.open();

    expect(await asked).toEqual({ outcome: 'requested' });
    expect(await accepted).toBe('done');
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('says that the order is cancelled to a shipment that comes after it', async () => {
    const gate = aGate();
    const life = await anImported({ relayCancel: () => gate.opened });
    await life.requestCancel();
    const accepted = life.acceptCancel();
    await life.untilCalled('relayCancel');

    expect(await life.record(life.shipment(1))).toEqual({ refused: 'order_cancelled' });
    gate.open();
    await accepted;
  });

  it('that the supplier’s rows refuse gives the units back, and can be accepted again', async () => {
    const life = await anImported({
      cancelAtSupplier: first(1, permanently('order_not_found'), () => ({ lines: remaining(0) })),
    });
    await life.requestCancel();

    expect(await life.acceptCancel()).toEqual({ refused: 'order_not_found' });
    expect(await life.acceptCancel()).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('does not end the workflow when Cancel Orders comes by and it fails for good', async () => {
    const life = await anImported({
      cancelAtSupplier: first(1, permanently('order_not_found'), () => ({ lines: remaining(0) })),
    });
    await life.requestCancel();

    await life.handle.signal('cancelsReleased');
    await life.untilCalled('cancelAtSupplier');
    // Refused as long as the first one is under way.
    await waitUntil(async () => (await life.acceptCancel()) === 'done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('that the merchant’s rows refuse parks like a tracking, and the dropship is not over before', async () => {
    const life = await anImported({ relayCancel: first(2, permanently('order_not_found'), () => undefined) });
    await life.requestCancel();

    expect(await life.acceptCancel()).toBe('done');
    await life.parked();
    expect(await life.view()).toEqual({ needsAttention: true, code: 'order_not_found', stage: 'relay' });
    await life.resolve(retry);

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relayCancel')).toHaveLength(3);
  });

  it('does not wait behind a parked push', async () => {
    const life = await anImported({
      pushShipment: first(1, permanently('channel_refused'), () => ({ remoteIds: ['f1'] })),
    });
    await life.record(life.shipment(1));
    await life.parked();

    await life.requestCancel();
    await life.acceptCancel();

    expect(life.callsOf('relayCancel')).toHaveLength(1);
    expect((await life.handle.describe()).status.name).toBe('RUNNING');
    await life.resolve(retry);
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });
});

describe('units that the supplier dropshipped', () => {
  it('stay asked for until they are cancelled further down', async () => {
    const life = await anImported({ cancelAtSupplier: () => ({ lines: remaining(3) }) });
    await life.requestCancel();

    expect(await life.acceptCancel()).toBe('done');
    expect(life.callsOf('relayCancel')).toEqual([]);
    expect((await life.handle.describe()).status.name).toBe('RUNNING');
    await life.handle.signal('cancelledDownstream', { lines: remaining(0), reason: 'duplicate' });

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relayCancel')[0]!.input).toMatchObject({ lines: remaining(0), reason: 'duplicate' });
  });

  it('may be cancelled in part, and by a message that comes twice', async () => {
    const life = await anImported({ cancelAtSupplier: () => ({ lines: remaining(2) }) });
    await life.requestCancel();
    await life.acceptCancel();
    await life.handle.signal('cancelledDownstream', { lines: remaining(1), reason: 'other' });
    await life.handle.signal('cancelledDownstream', { lines: remaining(1), reason: 'other' });
    await life.untilCalled('relayCancel', 2);

    await life.record(life.shipment(1));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relayCancel').map(({ input }) => input['lines'])).toEqual([remaining(2), remaining(1)]);
  });

  it.each([[undefined], [{}], [{ lines: [null], reason: 'other' }], [{ lines: remaining(0), reason: 'whim' }]])(
    'are not moved by a signal that does not fit: %j',
    async (sent) => {
      const life = await anImported();

      await life.handle.signal('cancelledDownstream', sent);

      expect(await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }))).toMatchObject({
        trackingNumber: expect.any(String),
      });
      expect(await life.handle.result()).toEqual({ status: 'complete' });
    },
  );
});

describe('a long life', () => {
  it('carries a request on to the next run, also from code that knew none', async () => {
    const life = await anImported();
    await life.requestCancel({ lines: remaining(2), reason: 'fraud' });

    await life.untilFreshRun();
    await life.handle.signal('cancelsReleased');
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 2 }] }));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('cancelAtSupplier')[0]!.input).toMatchObject({ lines: remaining(2), reason: 'fraud' });
  });
});
