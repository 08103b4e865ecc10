import { describe, expect, it } from '@jest/globals';
import { aGate, cancel, first, permanently, retry, startRig } from '../../support/engine/workflow-rig.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const rig = forTheFile(startRig);

describe('the import', () => {
  it('waits for its release, and support sees for what', async () => {
    const life = rig.life();
    await life.start();
    await life.untilCalled('openDropship');

    expect(await life.view()).toEqual({ needsAttention: false, code: undefined, stage: 'awaiting_release' });
    expect(await life.details()).toContain('Waits for the Import Orders task');
    expect(life.callsOf('importDropship')).toEqual([]);

    await life.release();
    await life.untilStage('awaiting_shipment');
    expect(life.names()).toEqual(['openDropship', 'importDropship']);
  });

  it('of a dropship made just now reads no rows first', async () => {
    const life = rig.life();
    await life.start({ released: false });

    await life.release();
    await life.untilStage('awaiting_shipment');
    expect(life.names()).toEqual(['importDropship']);
  });

  it('of a dropship made just now waits for nothing on an instant portal', async () => {
    const life = rig.life();
    await life.start({ released: true });

    await life.untilStage('awaiting_shipment');
    expect(life.names()).toEqual(['importDropship']);
  });

  it('by the task with others of its page is known by its lines', async () => {
    const life = rig.life();
    await life.start({ released: false });

    await life.release([{ lineId: 'L1', quantity: 2, shipped: 0, cancelled: 0 }]);

    await life.untilStage('awaiting_shipment');
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 2 }] }));
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names()).toEqual(['recordShipment', 'pushShipment']);
  });

  it('by the task is found out by a shipment that comes before the workflow knows', async () => {
    const lines = [{ lineId: 'L1', quantity: 2, shipped: 0, cancelled: 0 }];
    const life = rig.life({ finishImport: () => ({ lines }) });
    await life.start({ released: false });

    await life.record(life.shipment(1));
    await life.release(lines);
    await life.record(life.shipment(2));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names()).toEqual(['finishImport', 'recordShipment', 'pushShipment', 'recordShipment', 'pushShipment']);
  });

  it('by the task changes nothing while its own is under way, nor after it', async () => {
    const gate = aGate();
    const life = rig.life({
      importDropship: () =>
        gate.opened.then(() => ({ lines: [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }] })),
    });
    await life.start({ released: true });
    await life.untilCalled('importDropship');

    await life.release([{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }]);
    const shipment = life.record(life.shipment(1));
    gate.open();
    await shipment;
    await life.release([{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }]);

    expect(await life.record(life.shipment(2, { lines: [{ lineId: 'L1', quantity: 3 }] }))).toEqual({
      refused: 'quantity_exceeds_open',
    });
    await life.record(life.shipment(3, { lines: [{ lineId: 'L1', quantity: 2 }] }));
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('waits for nothing on an instant portal', async () => {
    const life = rig.life({ openDropship: () => ({ released: true, ended: false }) });

    await life.start();

    await life.untilStage('awaiting_shipment');
  });

  it('does not begin when the dropship has ended already', async () => {
    const life = rig.life({ openDropship: () => ({ released: true, ended: true }) });

    await life.start();

    expect(await life.handle.result()).toEqual({ status: 'ended_before' });
    expect(life.names()).toEqual(['openDropship']);
  });

  it('goes back to waiting over a paused connection, and comes with the next release', async () => {
    const lines = [{ lineId: 'L1', quantity: 1, shipped: 0, cancelled: 0 }];
    const answers = [{ lines: null }, { lines }];
    const life = rig.life({ importDropship: () => answers.shift() });
    await life.start();

    await life.release();
    await life.untilCalled('importDropship', 1);
    expect(await life.record(life.shipment(1))).toEqual({ refused: 'dropship_not_open' });
    expect((await life.view()).stage).toBe('awaiting_release');

    await life.release();
    await life.untilStage('awaiting_shipment');
    expect(life.callsOf('importDropship')).toHaveLength(2);
  });

  it('lets a shipment wait that comes before its end is known: the supplier sees its order a moment earlier', async () => {
    const gate = aGate();
    const lines = [{ lineId: 'L1', quantity: 1, shipped: 0, cancelled: 0 }];
    const life = rig.life({ importDropship: () => gate.opened.then(() => ({ lines })) });
    await life.start();
    expect(await life.record(life.shipment(1))).toEqual({ refused: 'dropship_not_open' });
    await life.release();
    await life.untilCalled('importDropship');

    const answers = [life.record(life.shipment(1)), life.record(life.shipment(2))];
    expect(await life.record(life.shipment(3, { carrier: undefined }))).toEqual({ refused: 'invalid_request' });
    gate.open();

    const [one, other] = await Promise.all(answers);
    expect([one, other]).toContainEqual({ refused: 'quantity_exceeds_open' });
    expect(life.callsOf('recordShipment')).toHaveLength(1);
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('that is taken back refuses the shipments that wait for it', async () => {
    const gate = aGate();
    const life = rig.life({ importDropship: () => gate.opened.then(permanently('no_answer')) });
    await life.start();
    await life.release();
    await life.untilCalled('importDropship');
    const answer = life.record(life.shipment(1));
    gate.open();
    await life.parked();

    await life.resolve(cancel);

    expect(await answer).toEqual({ refused: 'dropship_not_open' });
    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
  });

  it('that parked and goes back to waiting is shown as waiting', async () => {
    const life = rig.life({ importDropship: first(1, permanently('unexpected'), () => ({ lines: null })) });
    await life.start();
    await life.release();
    await life.parked();

    await life.resolve(retry);

    await life.untilStage('awaiting_release');
    expect(await life.details()).toContain('Waits for the Import Orders task');
  });

  it('that parked and is cancelled goes on when the supplier has the order after all', async () => {
    const lines = [{ lineId: 'L1', quantity: 1, shipped: 0, cancelled: 0 }];
    const life = rig.life({
      importDropship: first(1, permanently('no_answer'), () => ({ lines })),
      cancelDropship: permanently('dropship_transition_refused'),
    });
    await life.start();
    await life.release();
    await life.parked();

    await life.resolve(cancel);

    await life.untilStage('awaiting_shipment');
  });
});
