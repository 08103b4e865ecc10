import { describe, expect, it } from '@jest/globals';
import { aGate, cancel, first, permanently, retry, startRig } from '../../support/engine/workflow-rig.ts';
import type { Fakes } from '../../support/engine/well-done.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const rig = forTheFile(startRig);

const threeUnits = () => ({ lines: [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }] });
const remaining = (units: number) => [{ lineId: 'L1', remaining: units }];

async function aWaiting(fakes: Fakes = {}) {
  const life = rig.life(fakes);
  await life.start();
  await life.untilCalled('openDropship');
  return life;
}

async function anImported(fakes: Fakes = {}) {
  const life = await aWaiting(fakes);
  await life.release();
  await life.untilStage('awaiting_shipment');
  return life;
}

describe('a request before the import', () => {
  it('ends the dropship, and the supplier never hears of it', async () => {
    const life = await aWaiting();

    expect(await life.requestCancel()).toEqual({ outcome: 'cancelled' });

    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
    expect(life.names()).toEqual(['openDropship', 'cancelBeforeImport']);
    expect(await life.details()).toContain('Taken back');
  });

  it('lets no import begin while it is being decided', async () => {
    const gate = aGate();
    const life = await aWaiting({
      cancelBeforeImport: () => gate.opened.then(() => ({ cancelled: true, ended: true })),
    });
    const answer = life.requestCancel();
    await life.untilCalled('cancelBeforeImport');

    await life.release();
    await life.details();
    gate.open();

    expect(await answer).toEqual({ outcome: 'cancelled' });
    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
    expect(life.callsOf('importDropship')).toEqual([]);
  });

  it('is decided alone also where it comes in together with the release', async () => {
    const gate = aGate();
    const life = rig.life({ openDropship: () => gate.opened.then(() => ({ released: true, ended: false })) });
    await life.start();
    await life.untilCalled('openDropship');

    let answer: Promise<unknown> | undefined;
    await rig.whileAway(() => {
      gate.open();
      answer = life.requestCancel();
    });

    expect(await answer).toEqual({ outcome: 'cancelled' });
    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
    expect(life.callsOf('importDropship')).toEqual([]);
  });

  it('of some units lets the rest go on', async () => {
    const life = await aWaiting({ cancelBeforeImport: () => ({ cancelled: true, ended: false }) });

    await life.requestCancel({ lines: remaining(1) });
    await life.release();

    await life.untilStage('awaiting_shipment');
    expect(life.callsOf('cancelBeforeImport')[0]!.input).toMatchObject({
      lines: remaining(1),
      reason: 'customer_request',
    });
  });

  it.each([
    [{ reason: 'whim' }],
    [{ actor: undefined }],
    [{ actor: { kind: 'account' } }],
    [{ lines: undefined }],
    [{ lines: {} }],
    [{ lines: [null] }],
    [{ lines: [{ lineId: 'L1' }] }],
    [{ lines: [{ lineId: 'L1', remaining: -1 }] }],
    [{ lines: [{ lineId: 'L1', remaining: '1' }] }],
  ])('that is typed wrong is refused: %j', async (change) => {
    const life = await aWaiting();

    expect(await life.requestCancel(change)).toEqual({ refused: 'invalid_request' });
    expect(life.callsOf('cancelBeforeImport')).toEqual([]);
  });
});

describe('a request while the import is under way', () => {
  it('waits for its end, and is then a request to the supplier', async () => {
    const gate = aGate();
    const life = await aWaiting({ importDropship: () => gate.opened.then(threeUnits) });
    await life.release();
    await life.untilCalled('importDropship');

    const answer = life.requestCancel();
    await life.details();
    gate.open();

    expect(await answer).toEqual({ outcome: 'requested' });
    expect(life.callsOf('noteCancelRequest')[0]!.input).toMatchObject({ lines: remaining(0) });
    expect(life.callsOf('cancelBeforeImport')).toEqual([]);
  });

  it('makes a parked one give way', async () => {
    const life = await aWaiting({ importDropship: permanently('connection_not_active') });
    await life.release();
    await life.parked();

    expect(await life.requestCancel()).toEqual({ outcome: 'cancelled' });

    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
    expect(life.callsOf('closeAttention')[0]!.input).toMatchObject({ action: 'cancel', by: 'key_1' });
    expect(await life.view()).toMatchObject({ needsAttention: false, code: undefined });
  });

  it('makes it give way once: where the supplier has the order after all, importing again finds it', async () => {
    const life = await aWaiting({
      importDropship: first(2, permanently('no_answer'), threeUnits),
      cancelBeforeImport: permanently('dropship_transition_refused'),
    });
    await life.release();
    await life.parked();

    const answer = life.requestCancel();
    await life.untilCalled('importDropship', 2);
    await life.parked();
    await life.resolve(retry);

    expect(await answer).toEqual({ outcome: 'requested' });
    expect(life.callsOf('cancelBeforeImport')).toHaveLength(1);
  });

  it('comes too late when someone takes the order back meanwhile', async () => {
    const gate = aGate();
    const life = await aWaiting({ importDropship: () => gate.opened.then(permanently('no_answer')) });
    await life.release();
    await life.untilCalled('importDropship');
    const cancelled = aGate();
    life.fakes.cancelDropship = () => cancelled.opened;
    gate.open();
    await life.parked();
    await life.resolve(cancel);
    await life.untilCalled('cancelDropship');

    const answer = life.requestCancel();
    await life.details();
    cancelled.open();

    expect(await answer).toEqual({ refused: 'dropship_not_open' });
    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
  });
});

describe('a request after the import', () => {
  it('is what support reads until the cancel is applied, also when the order is accepted meanwhile', async () => {
    const life = await anImported();
    await life.requestCancel({ lines: [{ lineId: 'L1', remaining: 2 }] });
    await life.accept();

    expect(await life.details()).toContain('asks to cancel');
    await life.acceptCancel();

    expect(await life.details()).toContain('Waits for its shipments');
    expect(await life.details()).not.toContain('asks to cancel');
  });

  it('is closed when the supplier declines; the units ship, and may be asked for again', async () => {
    const life = await anImported();
    expect(await life.declineCancel()).toEqual({ refused: 'no_cancel_requested' });
    await life.requestCancel();

    expect(await life.declineCancel({ reason: 'because' })).toEqual({ refused: 'invalid_request' });
    expect(await life.declineCancel()).toBe('done');

    expect(await life.details()).toContain('Waits for its shipments');
    expect(await life.acceptCancel()).toEqual({ refused: 'no_cancel_requested' });
    expect(await life.requestCancel()).toEqual({ outcome: 'requested' });
    expect(await life.acceptCancel()).toBe('done');
  });

  it('is noted on both sides, and happens when the supplier accepts', async () => {
    const life = await anImported();
    expect(await life.acceptCancel()).toEqual({ refused: 'no_cancel_requested' });

    expect(await life.requestCancel({ reason: 'duplicate' })).toEqual({ outcome: 'requested' });
    expect(await life.details()).toContain('asks to cancel');
    expect(await life.acceptCancel({ reason: 'other' })).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    const { dropshipId } = life;
    const actor = { kind: 'account', id: 'key_1' };
    expect(life.calls.slice(2)).toEqual([
      { activity: 'noteCancelRequest', input: { dropshipId, reason: 'duplicate', actor, lines: remaining(0) } },
      {
        activity: 'cancelAtSupplier',
        input: { dropshipId, reason: 'other', actor, orderId: 'ord_supplier', lines: remaining(0) },
      },
      { activity: 'relayCancel', input: { dropshipId, reason: 'other', lines: remaining(0) } },
    ]);
  });

  it('happens for the merchant’s reason when Cancel Orders comes by, once', async () => {
    const life = await anImported();
    await life.requestCancel({ reason: 'duplicate' });

    await life.handle.signal('cancelsReleased');
    await life.handle.signal('cancelsReleased').catch(() => undefined);

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('cancelAtSupplier')).toEqual([
      {
        activity: 'cancelAtSupplier',
        input: { dropshipId: life.dropshipId, reason: 'duplicate', lines: remaining(0) },
      },
    ]);
  });

  it('happens at once where Cancel Orders is instant', async () => {
    const life = await anImported({ noteCancelRequest: () => ({ isInstant: true }) });

    await life.requestCancel();

    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('that asks for what is asked for already changes nothing, and one for more asks for more', async () => {
    const life = await anImported();
    await life.requestCancel({ lines: remaining(2) });

    expect(await life.requestCancel({ lines: remaining(2) })).toEqual({ outcome: 'unchanged' });
    expect(await life.requestCancel({ lines: remaining(1) })).toEqual({ outcome: 'requested' });

    await life.acceptCancel();
    expect(life.callsOf('cancelAtSupplier')[0]!.input).toMatchObject({ lines: remaining(1) });
    expect(await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 2 }] }))).toEqual({
      refused: 'quantity_exceeds_open',
    });
  });

  it('is refused as line_not_found, and once nothing is left as order_shipped', async () => {
    const gate = aGate();
    const life = await anImported({ pushShipment: () => gate.opened.then(() => ({ remoteIds: [] })) });

    expect(await life.requestCancel({ lines: [{ lineId: 'L9', remaining: 0 }] })).toEqual({
      refused: 'line_not_found',
    });
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));
    expect(await life.requestCancel()).toEqual({ refused: 'order_shipped' });

    gate.open();
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('noteCancelRequest')).toEqual([]);
  });

  it('of which the supplier ships a part is about the rest', async () => {
    const life = await anImported();
    await life.requestCancel();
    await life.record(life.shipment(1));

    await life.acceptCancel();

    expect(life.callsOf('cancelAtSupplier')[0]!.input).toMatchObject({ lines: remaining(1) });
    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });

  it('is accepted in parts, never more than is asked for', async () => {
    const life = await anImported();
    await life.requestCancel({ lines: remaining(1) });

    const units = (quantity: number) => ({ lines: [{ lineId: 'L1', quantity }] });
    await life.acceptCancel(units(1));
    await life.acceptCancel(units(9));

    expect(await life.acceptCancel(units(1))).toEqual({ refused: 'no_cancel_requested' });
    expect(life.callsOf('cancelAtSupplier').map(({ input }) => input['lines'])).toEqual([remaining(2), remaining(1)]);
  });
});
