import { describe, expect, it } from '@jest/globals';
import { aGate, first, permanently, startRig } from '../../support/engine/workflow-rig.ts';
import type { Fakes } from '../../support/engine/well-done.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { imported } from '../../support/models/recorded-lives.ts';

const rig = forTheFile(startRig);

const units = (quantity: number) => ({ lines: [{ lineId: 'L1', quantity }] });

/** A dropship whose order of three units the supplier has. */
const anImported = (fakes?: Fakes) => imported(rig, fakes);

/** One that has shipped whole and closed, as a later run reads it from the rows. */
async function aClosed(fakes: Fakes = {}) {
  const life = await anImported(fakes);
  const shipped = life.shipment(1, units(3));
  await life.record(shipped);
  await life.handle.result();
  const { shipmentId, trackingNumber, lines } = shipped;
  const recovered = {
    lines: [{ lineId: 'L1', quantity: 3, shipped: 3, cancelled: 0 }],
    shipments: [{ shipmentId, trackingNumber, lines, revision: 1, voided: false }],
    backlog: [],
  };
  life.fakes.openDropship = () => ({ released: true, ended: false, recovered });
  return { life, shipmentId };
}

describe('a correction', () => {
  it('goes to the supplier’s rows, the merchant’s, and the shop', async () => {
    const life = await anImported();
    const { shipmentId } = life.shipment(1);
    await life.record(life.shipment(1));
    await life.untilCalled('pushShipment');

    expect(await life.correct(shipmentId)).toMatchObject({ id: shipmentId, revision: 2 });

    await life.untilCalled('pushShipment', 2);
    expect(life.names().slice(-3)).toEqual(['correctShipment', 'relayShipment', 'pushShipment']);
    expect(life.callsOf('correctShipment')[0]!.input).toMatchObject({
      shipmentId,
      trackingNumber: 'T-RIGHT',
      by: 'key_1',
    });
  });

  it('frees the push of it that is parked; who made it is noted', async () => {
    const life = await anImported({
      pushShipment: first(1, permanently('channel_refused'), () => ({ remoteIds: ['f1'] })),
    });
    await life.record(life.shipment(1));
    await life.parked();

    await life.correct(life.shipment(1).shipmentId, { by: 'key_7' });

    await life.untilCalled('closeAttention');
    await life.untilStage('awaiting_shipment');
    expect(life.callsOf('closeAttention')[0]!.input).toMatchObject({ action: 'retry', by: 'key_7' });
    expect(life.callsOf('pushShipment')).toHaveLength(2);
    expect((await life.view()).needsAttention).toBe(false);
  });

  it('of another shipment does not', async () => {
    const life = await anImported({ pushShipment: permanently('channel_refused') });
    await life.record(life.shipment(1));
    await life.record(life.shipment(2));
    await life.parked();

    await life.correct(life.shipment(2).shipmentId);

    await life.untilCalled('relayShipment');
    expect((await life.view()).needsAttention).toBe(true);
    expect(life.callsOf('closeAttention')).toEqual([]);
  });

  it('is refused without a trace for a shipment that is not there, or with nothing in it', async () => {
    const life = await anImported();
    await life.record(life.shipment(1));

    expect(await life.correct('shp_none')).toEqual({ refused: 'shipment_not_found' });
    expect(await life.correct(life.shipment(1).shipmentId, { trackingNumber: ' ' })).toEqual({
      refused: 'invalid_request',
    });
    expect(life.callsOf('correctShipment')).toEqual([]);
  });

  it('of a dropship that has closed runs it again, until the shop has the change', async () => {
    const { life, shipmentId } = await aClosed();

    expect(await life.late('correctTracking', { shipmentId, trackingNumber: 'T-RIGHT' })).toMatchObject({
      revision: 2,
    });

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.names().slice(-4)).toEqual(['openDropship', 'correctShipment', 'relayShipment', 'pushShipment']);
  });

  it('that is refused leaves it closed', async () => {
    const { life } = await aClosed();

    expect(await life.late('correctTracking', { shipmentId: 'shp_none', textsId: 'txt_1' })).toEqual({
      refused: 'shipment_not_found',
    });

    expect(await life.handle.result()).toEqual({ status: 'complete' });
  });
});

describe('a void', () => {
  it('opens the units of a dropship that has closed: they ship again, and it ends again', async () => {
    const { life, shipmentId } = await aClosed();

    expect(await life.late('voidShipment', { shipmentId, reason: 'wrong_order' })).toMatchObject({ status: 'voided' });
    await life.untilStage('awaiting_shipment');
    expect(await life.record(life.shipment(2, units(4)))).toEqual({ refused: 'quantity_exceeds_open' });
    await life.record(life.shipment(2, units(3)));

    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(await life.late('voidShipment', { shipmentId: 'shp_none', reason: 'other' })).toEqual({
      refused: 'shipment_not_found',
    });
  });

  it('comes to the merchant before a new shipment with its units does', async () => {
    const gate = aGate();
    const life = await anImported();
    const voided = life.shipment(1, units(3));
    life.fakes.voidShipment = () => ({ id: voided.shipmentId, revision: 2, trackingNumber: 'T', status: 'voided' });
    const relayed = { orderId: 'ord_merchant', isShown: false };
    life.fakes.recordShipment = ({ shipmentId, relays }) => ({
      shipment: { id: shipmentId },
      relayed: relays ? relayed : null,
    });
    life.fakes.pushShipment = permanently('channel_refused');
    await life.record(voided);
    await life.parked();
    life.fakes.relayShipment = ({ shipmentId }) =>
      shipmentId === voided.shipmentId ? gate.opened.then(() => relayed) : relayed;

    const taking = life.takeBack(voided.shipmentId);
    await life.untilCalled('relayShipment');
    const again = life.record(life.shipment(2, units(3)));
    await life.untilCalled('recordShipment', 2);
    // Answered after all that the recorded shipment made the workflow do.
    for (const _ of [1, 2, 3]) await life.correct('shp_none');
    expect(life.callsOf('relayShipment')).toHaveLength(1);
    gate.open();
    await Promise.all([taking, again]);

    const ids = life.callsOf('relayShipment').map(({ input }) => input['shipmentId']);
    expect(ids).toEqual([voided.shipmentId, life.shipment(2).shipmentId]);
  });

  it('of a shipment that is still being recorded comes after it, and holds up no other', async () => {
    const gate = aGate();
    const life = await anImported();
    const { shipmentId } = life.shipment(1);
    life.fakes.recordShipment = async ({ shipmentId: id }) => {
      if (id === shipmentId) await gate.opened;
      return { shipment: { id }, relayed: { orderId: 'ord_merchant', isShown: false } };
    };
    const recording = life.record(life.shipment(1));
    await life.untilCalled('recordShipment');

    const voiding = life.takeBack(shipmentId);
    // Answered once the workflow has the void.
    for (const _ of [1, 2, 3]) await life.correct('shp_none');
    expect(await life.record(life.shipment(2))).toMatchObject({ id: life.shipment(2).shipmentId });
    expect(life.callsOf('voidShipment')).toEqual([]);
    gate.open();

    expect(await recording).toMatchObject({ id: shipmentId });
    expect(await voiding).toMatchObject({ id: shipmentId, status: 'voided' });
    expect(await life.record(life.shipment(3, units(2)))).not.toMatchObject({ refused: expect.anything() });
  });

  it('that comes twice is one: the second is refused', async () => {
    const life = await anImported();
    const { shipmentId } = life.shipment(1);
    await life.record(life.shipment(1));

    const answers = await Promise.all([life.takeBack(shipmentId), life.takeBack(shipmentId)]);

    expect(answers).toContainEqual({ refused: 'shipment_voided' });
    expect(life.callsOf('voidShipment')).toHaveLength(1);
    expect(await life.record(life.shipment(2, units(3)))).not.toMatchObject({ refused: expect.anything() });
  });
});

describe('the push of a merchant’s own shipment', () => {
  it('that is parked gives way to a change, and ends when the change is sent', async () => {
    const life = rig.life({ pushShipment: first(1, permanently('channel_refused'), () => ({ remoteIds: ['f1'] })) });
    const push = await life.startPush();
    await push.parked();

    await push.handle.signal('shipmentChanged', { by: 'key_7' });

    expect(await push.handle.result()).toEqual({ outcome: 'done' });
    expect(push.callsOf('closeAttention')[0]!.input).toMatchObject({ action: 'retry', by: 'key_7' });
    expect(push.callsOf('pushShipment')).toHaveLength(2);
  });
});
