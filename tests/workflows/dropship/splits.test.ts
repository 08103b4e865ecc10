import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aGate, first, permanently, retry, startRig } from '../../support/engine/workflow-rig.ts';
import type { Fakes } from '../../support/engine/well-done.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { imported } from '../../support/models/recorded-lives.ts';

const rig = forTheFile(startRig);

const anImported = (fakes?: Fakes) => imported(rig, fakes);

async function waiting(fakes: Fakes = {}) {
  const life = rig.life(fakes);
  await life.start();
  await life.untilCalled('openDropship');
  return life;
}

const early = { side: 'merchant' };

describe('a split by the supplier', () => {
  it('is written with the supplier, then with the merchant, and ends the dropship', async () => {
    const life = await anImported();

    expect(await life.split()).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names().slice(-2)).toEqual(['splitAtSupplier', 'relaySplit']);
    expect(await life.details()).toContain('Split');
  });

  it('keeps every other message off its units before it is written', async () => {
    const gate = aGate();
    const life = await anImported({ splitAtSupplier: () => gate.opened });

    const split = life.split();
    await life.untilCalled('splitAtSupplier');
    const meanwhile = [
      await life.record(life.shipment(1)),
      await life.requestCancel(),
      await life.acceptCancel(),
      await life.split(),
    ];
    gate.open();

    expect(meanwhile).toEqual(Array.from({ length: 4 }, () => ({ refused: 'order_is_split' })));
    expect(await split).toBe('done');
    expect(life.callsOf('recordShipment')).toEqual([]);
    expect(life.callsOf('noteCancelRequest')).toEqual([]);
  });

  it('gives the units back when the supplier’s rows refuse it', async () => {
    const life = await anImported({ splitAtSupplier: permanently('order_dropshipped') });

    expect(await life.split()).toEqual({ refused: 'order_dropshipped' });

    expect(life.callsOf('relaySplit')).toEqual([]);
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('is refused once units have shipped, even while the shipment is being written', async () => {
    const gate = aGate();
    const relayed = { orderId: 'ord_merchant', isShown: false };
    const shipped = { shipment: { id: 'shp' }, relayed };
    const life = await anImported({ recordShipment: () => gate.opened.then(() => shipped) });

    const shipment = life.record(life.shipment(1));
    await life.untilCalled('recordShipment');
    const split = await life.split();
    gate.open();

    expect(split).toEqual({ refused: 'order_shipped' });
    expect(await shipment).toEqual({ id: 'shp' });
    expect(life.callsOf('splitAtSupplier')).toEqual([]);
  });

  it('is refused while units are asked to be cancelled, and takes its turn after a cancel', async () => {
    const gate = aGate();
    const life = await anImported({ noteCancelRequest: async () => (await gate.opened, { isInstant: false }) });

    const request = life.requestCancel({ lines: [{ lineId: 'L1', remaining: 2 }] });
    await life.untilCalled('noteCancelRequest');
    const split = life.split();
    gate.open();

    expect(await request).toMatchObject({ outcome: 'requested' });
    expect(await split).toEqual({ refused: 'cancel_pending' });
    await life.acceptCancel();
    expect(await life.split()).toEqual({ refused: 'split_refused' });
    const groups = [[{ lineId: 'L1', quantity: 1 }], [{ lineId: 'L1', quantity: 1 }]];
    expect(await life.split({ groups })).toBe('done');
  });

  it('parks where the merchant’s half is refused for good, and is finished by a retry', async () => {
    const life = await anImported({ relaySplit: first(2, permanently('unexpected'), () => undefined) });

    expect(await life.split()).toBe('done');
    await life.parked();
    expect(await life.record(life.shipment(1))).toEqual({ refused: 'order_is_split' });
    await life.resolve(retry);

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relaySplit')).toHaveLength(3);
  });

  it('that only the supplier’s rows know is brought to the merchant by a run that begins anew, and parks alike', async () => {
    const recovered = { lines: [], cancelReason: null, shipments: [], ended: 'split', backlog: [{ kind: 'split' }] };
    const life = rig.life({
      openDropship: () => ({ released: true, ended: false, recovered }),
      relaySplit: first(1, permanently('unexpected'), () => undefined),
    });
    await life.start();

    await life.parked();
    expect(await life.record(life.shipment(1))).toEqual({ refused: 'order_is_split' });
    await life.resolve(retry);

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relaySplit')).toHaveLength(2);
  });

  it('waits for the end of an import', async () => {
    const gate = aGate();
    const lines = [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }];
    const life = await waiting({ importDropship: async () => (await gate.opened, { lines }) });
    await life.release();
    await life.untilCalled('importDropship');

    const split = life.split();
    gate.open();

    expect(await split).toBe('done');
    expect(life.names().slice(-2)).toEqual(['splitAtSupplier', 'relaySplit']);
  });

  it('is refused as it is typed where it makes no sense', async () => {
    const life = await anImported();

    expect(await life.split({ groups: [[{ lineId: 'L1' }]] })).toEqual({ refused: 'invalid_request' });
    expect(await life.split({ groups: 'halves' })).toEqual({ refused: 'invalid_request' });
    expect(await life.split({ side: 'shop' })).toEqual({ refused: 'invalid_request' });
    expect(life.callsOf('splitAtSupplier')).toEqual([]);
  });
});

describe('a split by the merchant', () => {
  it('ends a dropship that its supplier has not seen', async () => {
    const life = await waiting();

    expect(await life.split(early)).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names()).toEqual(['openDropship', 'splitBeforeImport']);
  });

  it('keeps the import and cancels back while it is being written', async () => {
    const gate = aGate();
    const life = await waiting({ splitBeforeImport: () => gate.opened });

    const split = life.split(early);
    await life.untilCalled('splitBeforeImport');
    await life.release();
    const cancel = await life.requestCancel();
    gate.open();

    expect(cancel).toEqual({ refused: 'order_is_split' });
    expect(await split).toBe('done');
    await life.handle.result();
    expect(life.callsOf('importDropship')).toEqual([]);
    expect(life.callsOf('cancelBeforeImport')).toEqual([]);
  });

  it('waits for a cancel that is being written', async () => {
    const gate = aGate();
    const life = await waiting({
      cancelBeforeImport: async () => (await gate.opened, { cancelled: true, ended: true }),
    });

    const cancel = life.requestCancel();
    await life.untilCalled('cancelBeforeImport');
    const split = life.split(early);
    gate.open();

    expect(await cancel).toEqual({ outcome: 'cancelled' });
    expect(await split).toEqual({ refused: 'dropship_not_open' });
    expect(life.callsOf('splitBeforeImport')).toEqual([]);
  });

  it('makes an import give way that is parked', async () => {
    const life = await waiting({ importDropship: permanently('connection_not_active') });
    await life.release();
    await life.parked();

    expect(await life.split(early)).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('is refused once the supplier has the order, also where the answer of the import was lost', async () => {
    const late = await anImported();
    const lost = await waiting({ splitBeforeImport: permanently('dropship_transition_refused') });

    expect(await late.split(early)).toEqual({ refused: 'order_already_imported' });
    expect(await lost.split(early)).toEqual({ refused: 'order_already_imported' });

    await lost.untilStage('awaiting_shipment');
    expect(await lost.record(lost.shipment(1))).toMatchObject({ id: expect.any(String) });
  });

  it('that its own rows refuse leaves the dropship waiting', async () => {
    const life = await waiting({ splitBeforeImport: permanently('split_refused') });

    expect(await life.split(early)).toEqual({ refused: 'split_refused' });

    await life.release();
    await waitUntil(async () => (await life.view()).stage === 'awaiting_shipment');
  });
});
