import { describe, expect, it } from '@jest/globals';
import { aGate, cancel, first, permanently, retry, startRig } from '../support/engine/workflow-rig.ts';
import type { Fakes } from '../support/engine/well-done.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const rig = forTheFile(startRig);

async function aLabel(fakes: Fakes = {}) {
  const life = rig.life(fakes);
  return { ...life, ...(await life.startLabel()) };
}

const bought = ['openLabel', 'prepareLabel', 'buyLabel', 'storeLabel', 'recordLabel'];
const takenBack = ['voidLabelShipment', 'refundLabel', 'closeLabelVoid'];

describe('a label', () => {
  it('is prepared, bought, stored and recorded, and its workflow closes', async () => {
    const label = await aLabel();

    expect(await label.handle.result()).toEqual({ status: 'recorded' });
    expect(label.names()).toEqual(bought);
  });

  it.each([
    ['while it is prepared', { prepareLabel: () => ({ status: 'failed' }) }, ['openLabel', 'prepareLabel']],
    ['while it is bought', { buyLabel: () => ({ status: 'failed' }) }, ['openLabel', 'prepareLabel', 'buyLabel']],
  ] as [string, Fakes, string[]][])('that is refused %s is not stored or recorded', async (...[, fakes, names]) => {
    const label = await aLabel(fakes);

    expect(await label.handle.result()).toEqual({ status: 'failed' });
    expect(label.names()).toEqual(names);
  });

  it('whose shipment is refused is taken back by itself', async () => {
    const label = await aLabel({ recordLabel: () => ({ status: 'void_requested' }) });

    expect(await label.handle.result()).toEqual({ status: 'voided' });
    expect(label.names()).toEqual([...bought, ...takenBack]);
    expect(label.callsOf('refundLabel')[0]!.input).toMatchObject({ ifScanned: 'park' });
  });

  it('that is started again after its end does no step twice', async () => {
    const label = await aLabel({ openLabel: () => ({ status: 'recorded' }) });

    expect(await label.handle.result()).toEqual({ status: 'recorded' });
    expect(label.names()).toEqual(['openLabel']);
  });
});

describe('a parked label', () => {
  it('is bought after a retry', async () => {
    const label = await aLabel({
      buyLabel: first(1, permanently('label_outcome_unknown'), () => ({ status: 'bought' })),
    });
    await label.parked();

    await label.decide(retry);

    expect(await label.handle.result()).toEqual({ status: 'recorded' });
    expect(label.callsOf('buyLabel')).toHaveLength(2);
    expect(label.callsOf('raiseAttention')[0]!.input).toMatchObject({ step: 'label', code: 'label_outcome_unknown' });
  });

  it.each([
    ['fails where nothing was bought', 'failed', ['abandonLabel']],
    ['is taken back where it was bought', 'bought', ['abandonLabel', 'requestLabelVoid', ...takenBack]],
  ])('that is cancelled %s', async (_what, status, then) => {
    const label = await aLabel({
      buyLabel: permanently('label_outcome_unknown'),
      abandonLabel: () => ({ status }),
    });
    await label.parked();

    await label.decide(cancel);

    expect(await label.handle.result()).toEqual({ status: status === 'bought' ? 'voided' : 'failed' });
    expect(label.names().slice(label.names().indexOf('closeAttention') + 1)).toEqual(then);
  });

  it('whose bytes cannot be had is taken back when it is cancelled', async () => {
    const label = await aLabel({ storeLabel: permanently('label_outcome_unknown') });
    await label.parked();

    await label.decide(cancel);

    expect(await label.handle.result()).toEqual({ status: 'voided' });
    expect(label.names()).not.toContain('recordLabel');
    expect(label.names().slice(-4)).toEqual(['requestLabelVoid', ...takenBack]);
  });

  it('gives way to a void', async () => {
    const label = await aLabel({ storeLabel: permanently('label_outcome_unknown') });
    await label.parked();

    expect(await label.voidLabel()).toBe('done');

    expect(await label.handle.result()).toEqual({ status: 'voided' });
    expect(label.callsOf('closeAttention')[0]!.input).toMatchObject({ action: 'cancel', by: 'key_1' });
    expect(label.names()).not.toContain('recordLabel');
  });

  it.each([
    ['that is taken back', { recordLabel: () => ({ status: 'void_requested' }) }],
    ['whose bytes cannot be had', { storeLabel: permanently('label_outcome_unknown') }],
  ] as [string, Fakes][])('%s is void only once its shipment is, whatever a person decides', async (_what, fakes) => {
    const refusedOnce = first(1, permanently('shipment_not_found'), () => undefined);
    const label = await aLabel({ ...fakes, voidLabelShipment: refusedOnce });
    if ('storeLabel' in fakes) {
      await label.parked();
      await label.decide(cancel);
    }
    await label.untilCalled('voidLabelShipment');
    await label.parked();

    await label.decide(cancel);

    expect(await label.handle.result()).toEqual({ status: 'voided' });
    expect(label.names().slice(-3)).toEqual(takenBack);
  });

  it('without a shipment, that the carrier has, waits for a person and then is void', async () => {
    const label = await aLabel({
      recordLabel: () => ({ status: 'void_requested' }),
      refundLabel: permanently('label_without_shipment'),
    });
    await label.parked();
    expect((await label.view()).code).toBe('label_without_shipment');

    await label.decide(cancel);

    expect(await label.handle.result()).toEqual({ status: 'voided' });
  });
});

describe('a void', () => {
  const closed = { openLabel: first(1, () => ({ status: 'requested' }), () => ({ status: 'recorded' })) }; // prettier-ignore

  it('runs a closed label again, once', async () => {
    const label = await aLabel({ ...closed });
    await label.handle.result();

    expect(await label.voidLabel({ noteId: 'evt_1' })).toBe('done');

    expect(label.names()).toEqual([
      ...bought,
      'openLabel',
      'requestLabelVoid',
      'refundLabel',
      'voidLabelShipment',
      'closeLabelVoid',
    ]);
    expect(label.callsOf('voidLabelShipment')[0]!.input).toMatchObject({
      by: 'key_1',
      reason: 'not_sent',
      noteId: 'evt_1',
    });
  });

  it('that was asked for before does nothing', async () => {
    const label = await aLabel({
      openLabel: first(1, () => ({ status: 'requested' }), () => ({ status: 'voided' })), // prettier-ignore
      requestLabelVoid: () => ({ isNew: false }),
    });
    await label.handle.result();

    expect(await label.voidLabel()).toBe('done');

    expect(label.callsOf('refundLabel')).toEqual([]);
  });

  it('whose message a crash lost is served by a repeat, as that of a person', async () => {
    const label = await aLabel({
      openLabel: first(1, () => ({ status: 'requested' }), () => ({ status: 'void_requested' })), // prettier-ignore
    });
    await label.handle.result();

    expect(await label.voidLabel()).toBe('done');

    expect(label.callsOf('refundLabel').map(({ input }) => input)).toMatchObject([{ ifScanned: 'answer' }]);
    expect(label.callsOf('voidLabelShipment').map(({ input }) => input)).toMatchObject([{ by: 'key_1' }]);
    expect(label.callsOf('closeLabelVoid')).toHaveLength(1);
  });

  it('that is asked for again meanwhile is served once, and both are answered', async () => {
    const gate = aGate();
    const label = await aLabel({ ...closed, refundLabel: () => gate.opened.then(() => ({ outcome: 'asked' })) });
    await label.handle.result();

    const both = [label.voidLabel(), label.voidLabel()];
    await label.untilCalled('requestLabelVoid', 2);
    gate.open();

    expect(await Promise.all(both)).toEqual(['done', 'done']);
    expect(label.callsOf('refundLabel')).toHaveLength(1);
    expect(label.callsOf('closeLabelVoid')).toHaveLength(1);
  });

  it.each(['label_not_bought', 'order_is_split'])('is refused as %s, and the label goes on', async (code) => {
    const gate = aGate();
    const label = await aLabel({
      buyLabel: () => gate.opened.then(() => ({ status: 'bought' })),
      requestLabelVoid: permanently(code),
    });

    expect(await label.voidLabel()).toEqual({ refused: code });
    gate.open();

    expect(await label.handle.result()).toEqual({ status: 'recorded' });
  });

  it('of a label that the carrier has changes nothing', async () => {
    const label = await aLabel({ ...closed, refundLabel: () => ({ outcome: 'scanned' }) });
    await label.handle.result();

    expect(await label.voidLabel()).toEqual({ refused: 'label_scanned' });

    expect(label.names()).not.toContain('voidLabelShipment');
    expect(label.names().at(-1)).toBe('withdrawLabelVoid');
  });

  it('that is withdrawn leaves a bought label, which is recorded after all', async () => {
    const label = await aLabel({
      recordLabel: first(1, permanently('dropship_not_open'), () => ({ status: 'recorded' })),
      refundLabel: () => ({ outcome: 'scanned' }),
      withdrawLabelVoid: () => ({ status: 'bought' }),
    });
    await label.parked();

    expect(await label.voidLabel()).toEqual({ refused: 'label_scanned' });

    expect(await label.handle.result()).toEqual({ status: 'recorded' });
    expect(label.names().slice(-3)).toEqual(['withdrawLabelVoid', 'storeLabel', 'recordLabel']);
  });

  it('waits for no money: the shipment is void while the provider does not answer', async () => {
    const gate = aGate();
    const asked = first(1, permanently('label_provider_unreachable'), () =>
      gate.opened.then(() => ({ outcome: 'asked' })),
    );
    const label = await aLabel({ ...closed, refundLabel: asked });
    await label.handle.result();

    expect(await label.voidLabel()).toBe('done');

    expect(label.callsOf('voidLabelShipment')).toHaveLength(1);
    expect(label.names()).not.toContain('closeLabelVoid');
    gate.open();
    await label.untilCalled('closeLabelVoid');
    expect(label.callsOf('refundLabel').at(-1)!.input).toMatchObject({ ifScanned: 'reject' });
  });

  it.each([[{ reason: 'because' }], [{ by: 7 }]])('that support typed wrong is refused: %j', async (change) => {
    const label = await aLabel({ ...closed });
    await label.handle.result();

    expect(await label.voidLabel(change)).toEqual({ refused: 'invalid_request' });
  });
});
