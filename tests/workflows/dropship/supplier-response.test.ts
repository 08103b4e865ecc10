import { describe, expect, it } from '@jest/globals';
import { aGate, first, permanently, retry, startRig } from '../../support/engine/workflow-rig.ts';
import type { Fakes } from '../../support/engine/well-done.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { imported } from '../../support/models/recorded-lives.ts';

const rig = forTheFile(startRig);

const anImported = (fakes?: Fakes) => imported(rig, fakes);
const units = (quantity: number) => [{ lineId: 'L1', quantity }];
const sent = { orderId: 'ord_supplier', actor: { kind: 'account', id: 'key_1' } };

describe('an acceptance', () => {
  it('is written on both sides, as often as it is sent, and the order goes on', async () => {
    const life = await anImported();

    await life.accept({ expectedShipAt: '2026-12-01T00:00:00.000Z' });
    await life.accept();

    const { dropshipId } = life;
    expect(life.callsOf('acceptOrder').map(({ input }) => input)).toEqual([
      { ...sent, expectedShipAt: '2026-12-01T00:00:00.000Z', dropshipId },
      { ...sent, dropshipId },
    ]);
    expect(await life.details()).toContain('accepted');
    expect(await life.record(life.shipment(1))).toMatchObject({ id: expect.any(String) });
    expect(await life.accept()).toEqual({ refused: 'order_shipped' });
  });

  it('that is sent while the import ends waits for it', async () => {
    const gate = aGate();
    const lines = [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }];
    const life = rig.life({ importDropship: () => gate.opened.then(() => ({ lines })) });
    await life.start();
    await life.release();
    await life.untilCalled('importDropship');

    const answer = life.accept();
    await life.details();
    gate.open();

    expect(await answer).toBe('done');
    expect(life.names().slice(-2)).toEqual(['importDropship', 'acceptOrder']);
  });

  it.each([[{ actor: undefined }], [{ orderId: 4 }], [{ expectedShipAt: 'soon' }]])(
    'that is typed wrong is refused: %j',
    async (change) => {
      const life = await anImported();

      expect(await life.accept(change)).toEqual({ refused: 'invalid_request' });
      expect(life.callsOf('acceptOrder')).toEqual([]);
    },
  );
});

describe('a rejection', () => {
  it('ends the dropship: at the supplier, then at the merchant', async () => {
    const life = await anImported();
    await life.requestCancel({ reason: 'fraud', lines: [{ lineId: 'L1', remaining: 2 }] });

    expect(await life.reject({ noteId: 'evt_1' })).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    const { dropshipId } = life;
    expect(life.calls.slice(3)).toEqual([
      { activity: 'rejectOrder', input: { ...sent, reason: 'out_of_stock', noteId: 'evt_1', dropshipId } },
      {
        activity: 'relayReject',
        input: { dropshipId, reason: 'out_of_stock', cancelReason: 'fraud', isPart: false },
      },
    ]);
    expect(await life.details()).toContain('sent the order back');
  });

  it('of all units by name is the same', async () => {
    const life = await anImported();

    await life.reject({ lines: units(3) });

    expect(life.callsOf('rejectOrder')).toHaveLength(1);
    expect(life.callsOf('rejectUnits')).toEqual([]);
  });

  it('of some units divides the order, and the rest goes on elsewhere', async () => {
    const life = await anImported();

    await life.reject({ lines: units(1), reason: 'price_wrong' });

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    const { dropshipId } = life;
    const groups = { remaining: units(2), rejected: units(1) };
    expect(life.callsOf('rejectUnits')[0]!.input).toEqual({ ...sent, reason: 'price_wrong', ...groups, dropshipId });
    expect(life.callsOf('relayReject')[0]!.input).toMatchObject({ isPart: true, cancelReason: null });
  });

  it.each(['rejectOrder', 'rejectUnits'] as const)('keeps all others out while it is written: %s', async (activity) => {
    const gate = aGate();
    const life = await anImported({ [activity]: () => gate.opened });
    const isWhole = activity === 'rejectOrder';
    // The supplier sees a rejected order as cancelled. To the merchant its dropship has ended.
    const refused = isWhole ? 'order_cancelled' : 'order_is_split';
    const answer = life.reject(isWhole ? {} : { lines: units(1) });
    await life.untilCalled(activity);

    expect(await life.record(life.shipment(1))).toEqual({ refused });
    expect(await life.requestCancel()).toEqual({ refused: isWhole ? 'dropship_not_open' : refused });
    expect(await life.accept()).toEqual({ refused });
    expect(await life.reject()).toEqual({ refused });

    gate.open();
    expect(await answer).toBe('done');
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('that the supplier’s rows refuse changes nothing: units ship all the same', async () => {
    const life = await anImported({ rejectOrder: permanently('order_dropshipped') });

    expect(await life.reject()).toEqual({ refused: 'order_dropshipped' });

    expect(await life.record(life.shipment(1, { lines: units(3) }))).toMatchObject({ id: expect.any(String) });
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relayReject')).toEqual([]);
  });

  it('that the merchant’s rows refuse is parked until somebody decides; the supplier has its answer', async () => {
    const life = await anImported({
      relayReject: first(2, permanently('dropship_transition_refused'), () => undefined),
    });

    expect(await life.reject()).toBe('done');

    await life.parked();
    expect(await life.view()).toMatchObject({ stage: 'relay', code: 'dropship_transition_refused' });
    await life.resolve(retry);
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('relayReject')).toHaveLength(3);
  });

  it('waits for a shipment that is being written, and is refused', async () => {
    const gate = aGate();
    const life = await anImported({
      recordShipment: () => gate.opened.then(() => ({ shipment: { id: 'shp' }, relayed: null })),
    });
    const shipped = life.record(life.shipment(1));
    await life.untilCalled('recordShipment');

    expect(await life.reject()).toEqual({ refused: 'order_shipped' });

    gate.open();
    await shipped;
  });

  it('waits for a cancel that is being written, and takes what is left', async () => {
    const gate = aGate();
    const life = await anImported({ cancelAtSupplier: ({ lines }) => gate.opened.then(() => ({ lines })) });
    await life.requestCancel({ lines: [{ lineId: 'L1', remaining: 1 }] });
    const accepted = life.acceptCancel();
    await life.untilCalled('cancelAtSupplier');

    const rejected = life.reject();
    await life.details();
    expect(life.callsOf('rejectOrder')).toEqual([]);
    gate.open();

    expect([await accepted, await rejected]).toEqual(['done', 'done']);
    expect(life.names().slice(-3)).toEqual(['relayCancel', 'rejectOrder', 'relayReject']);
  });

  it('before the import is refused: the supplier has nothing', async () => {
    const life = rig.life();
    await life.start();
    await life.untilCalled('openDropship');

    expect(await life.reject()).toEqual({ refused: 'dropship_not_open' });
    expect(await life.accept()).toEqual({ refused: 'dropship_not_open' });
  });
});
