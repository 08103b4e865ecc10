import { expect, it } from '@jest/globals';
import type { Push, Traits } from '../../../../activities/channels/channel.ts';
import { aPush, errorOf, faultOf, lineOf, live, some, where, type Harness } from '../harness.ts';

/** Pushing, correcting and voiding shipments: points 6 to 12 of the conformance list. */
export function shipmentConformance(harness: () => Harness, traits: Traits) {
  const hasReference = traits.reference !== 'none';
  const canVoid = traits.void === 'any';

  it('is what its shop says that it is', async () => {
    expect(await harness().open().describeTraits()).toEqual(traits);
  });

  it('ships the whole order once, with carrier and number', async () => {
    const shop = harness();
    const order = await shop.place();
    const push = aPush(order);

    const pushed = await shop.open().pushShipment(push);

    const [shipment, ...others] = await shop.shipments(order.remoteId);
    expect(others).toEqual([]);
    expect(shipment).toMatchObject({ state: 'shipped', units: order.units, carrierName: 'UPS', ...numberOf(push) });
    expect(pushed).toMatchObject({ remoteIds: [shipment!.remoteId], found: false });
    expect(pushed.order!.lines.every(({ shipped, ordered }) => shipped === ordered)).toBe(true);
  });

  it('ships a part, then the rest, and is complete only then', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 3]] });
    const lineId = order.units[0]!.remoteLineId;

    const part = await shop.open().pushShipment(aPush(order, { units: some(order, 1) }));
    const rest = await shop.open().pushShipment(aPush(order, { units: some(order, 2), taken: part.remoteIds }));

    expect(lineOf(part.order, lineId)).toMatchObject({ ordered: 3, shipped: 1, cancelled: 0 });
    expect(lineOf(rest.order, lineId)).toMatchObject({ ordered: 3, shipped: 3, cancelled: 0 });
    expect(await shop.shipments(order.remoteId)).toHaveLength(2);
  });

  it('finds a partial shipment that was sent before', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 4]] });
    const push = aPush(order, { units: some(order, 1) });

    const first = await shop.open().pushShipment(push);
    const again = await shop.open().pushShipment(push);
    const sent = await shop.open().pushShipment({ ...push, remoteIds: first.remoteIds });

    expect(first.found).toBe(false);
    expect([again, sent]).toMatchObject([
      { found: true, remoteIds: first.remoteIds },
      { found: true, remoteIds: first.remoteIds },
    ]);
    expect(await shop.shipments(order.remoteId)).toHaveLength(1);
  });

  // Where our id may be there twice, only one push of an order at a time protects it.
  where(traits.reference !== 'stored')('makes one shipment of two pushes at the same time', async () => {
    const shop = harness();
    // A shop without references is protected by its own count of units, so there all of them are sent.
    const order = await shop.place({ skus: [['MUG-BLUE', 4]] });
    const push = aPush(order, { units: some(order, hasReference ? 1 : 4) });

    const pushed = await Promise.all([shop.open().pushShipment(push), shop.open().pushShipment(push)]);

    const [shipment, ...others] = await shop.shipments(order.remoteId);
    expect(others).toEqual([]);
    expect(shipment).toMatchObject({ state: 'shipped', units: push.units });
    expect(pushed.map(({ remoteIds }) => remoteIds)).toEqual([[shipment!.remoteId], [shipment!.remoteId]]);
    expect(pushed.map(({ found }) => found).sort()).toEqual([false, true]);
  });

  it('says that the outcome is unknown when the answer is lost, and finds the shipment at the next try', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 4]] });
    const push = aPush(order, { units: some(order, 1) });
    shop.proxy.dropAnswers({ times: 1, matching: shop.is.create });

    const lost = await faultOf(shop.open().pushShipment(push));
    const found = await shop.open().pushShipment(push);

    expect(lost).toEqual({ kind: 'unknown_outcome' });
    expect(found.found).toBe(true);
    expect(await shop.shipments(order.remoteId)).toMatchObject([{ state: 'shipped', units: push.units }]);
  });

  where(traits.steps === 'two')('finishes a shipment that a crash left between its two steps', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 4]] });
    const push = aPush(order, { units: some(order, 2) });
    shop.proxy.refuse(503, { times: 1, matching: shop.is.finish });

    const cut = await faultOf(shop.open().pushShipment(push));
    const between = await shop.shipments(order.remoteId);
    const finished = await shop.open().pushShipment(push);

    expect(cut).toEqual({ kind: 'unknown_outcome' });
    expect(between).toMatchObject([{ state: 'pending' }]);
    expect(finished.found).toBe(true);
    expect(await shop.shipments(order.remoteId)).toMatchObject([{ state: 'shipped', units: push.units }]);
  });

  it('keeps two shipments with the same number and units apart', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 2]] });
    const one = aPush(order, { units: some(order, 1) });
    const two = aPush(order, { units: some(order, 1), tracking: one.tracking });

    const first = await shop.open().pushShipment(one);
    const second = await shop.open().pushShipment({ ...two, taken: first.remoteIds });
    const again = await shop.open().pushShipment({ ...two, taken: first.remoteIds });

    expect(second.found).toBe(false);
    expect(again).toMatchObject({ found: true, remoteIds: second.remoteIds });
    expect(await shop.shipments(order.remoteId)).toMatchObject([{ state: 'shipped' }, { state: 'shipped' }]);
  });

  it('writes nothing when there are not so many units, or the line is not the order’s', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 2]] });

    const tooMany = await faultOf(shop.open().pushShipment(aPush(order, { units: some(order, 3) })));
    const unknown = [{ remoteLineId: '999999', quantity: 1 }];
    const noLine = await faultOf(shop.open().pushShipment(aPush(order, { units: unknown })));

    expect(tooMany).toEqual({ kind: 'invalid', field: 'units', code: 'too_many_units' });
    expect(noLine).toEqual({ kind: 'gone', what: 'line' });
    expect(await shop.shipments(order.remoteId)).toEqual([]);
  });

  it('writes nothing to an order that is cancelled, also in part, unpaid, or shipped by hand', async () => {
    const shop = harness();
    const [cancelled, unpaid, byHand] = [await shop.place(), await shop.place({ paid: false }), await shop.place()];
    const partly = await shop.place({ skus: [['MUG-BLUE', 2]] });
    await shop.cancel(cancelled.remoteId);
    await shop.cancel(partly.remoteId, some(partly, 1));
    const [left] = (await shop.open().getOrder(partly.remoteId)).lines;
    await shop.shipByHand(byHand.remoteId, byHand.units, 'HAND-1');

    const faults = [
      await faultOf(shop.open().pushShipment(aPush(cancelled))),
      await faultOf(shop.open().pushShipment(aPush(partly))),
      await faultOf(shop.open().pushShipment(aPush(unpaid))),
      await faultOf(shop.open().pushShipment(aPush(byHand))),
    ];

    expect(faults).toEqual([
      { kind: 'invalid', field: 'order', code: 'cancelled' },
      // A shop that lowers what is ordered does not say why there are fewer.
      left!.cancelled > 0 ? { kind: 'invalid', field: 'order', code: 'cancelled' } : tooMany,
      { kind: 'invalid', field: 'order', code: 'not_paid' },
      tooMany,
    ]);
    expect(await shop.shipments(cancelled.remoteId)).toEqual([]);
    expect(await shop.shipments(byHand.remoteId)).toMatchObject([{ number: 'HAND-1' }]);
  });

  it('passes on a carrier that no table knows', async () => {
    const shop = harness();
    const order = await shop.place();
    const tracking = {
      method: 'tracked' as const,
      carrier: 'other',
      carrierName: 'Möwe Kurier',
      number: 'MK 77-1',
      url: 'https://moewe.example/77',
    };

    const { order: readBack } = await shop.open().pushShipment(aPush(order, { tracking }));

    const [shipment] = await shop.shipments(order.remoteId);
    expect(shipment).toMatchObject({ carrierName: 'Möwe Kurier', number: 'MK 77-1' });
    if (hasReference) expect(shipment!.url).toBe('https://moewe.example/77');
    expect(readBack!.shipments[0]!.tracking).toMatchObject([{ carrierName: 'Möwe Kurier', number: 'MK 77-1' }]);
  });

  it.each([
    ['untracked', null, 'Untracked'],
    ['untracked', 'Own van', 'Own van'],
    ['digital', null, 'Digital delivery'],
    ['pickup', null, 'Pickup'],
  ] as const)('ships without a number: %s, carrier %s, however often it is sent', async (method, name, text) => {
    const shop = harness();
    const order = await shop.place({ skus: [['POSTER-A2', 2]] });
    const tracking = { method, carrier: name && 'other', carrierName: name, number: null };
    const push = aPush(order, { units: some(order, 1), tracking });
    shop.proxy.dropAnswers({ times: 1, matching: shop.is.create });

    const lost = await faultOf(shop.open().pushShipment(push));
    const found = await shop.open().pushShipment(push);
    const next = await shop.open().pushShipment({ ...aPush(order), ...numberless(push, found.remoteIds) });

    expect([lost.kind, found.found, next.found]).toEqual(['unknown_outcome', true, false]);
    const shipment = { state: 'shipped', units: push.units, carrierName: text, number: '' };
    expect(await shop.shipments(order.remoteId)).toMatchObject([shipment, shipment]);
    expect(next.order!.shipments.map((shown) => shown.tracking)).toMatchObject([[tracking], [tracking]]);
  });

  where(traits.correct !== 'none' && canVoid)('gives a shipment without a number its number later', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['POSTER-A2', 1]] });
    const push = aPush(order);
    const { url: _, ...tracking } = push.tracking;
    const without = { method: 'untracked', carrier: null, carrierName: null, number: null } as const;
    const { remoteIds } = await shop.open().pushShipment({ ...push, tracking: without });

    const corrected = await shop.open().correctTracking({ ...push, revision: 2, remoteIds });
    const voided = await shop.open().voidShipment({ ...push, revision: 3, remoteIds: corrected.remoteIds });

    expect(live(corrected.order!.shipments)).toMatchObject([{ state: 'shipped', tracking: [tracking] }]);
    expect(live(voided.order!.shipments)).toEqual([]);
  });

  where(traits.correct !== 'none')(
    'corrects a tracking without a second live shipment, however often it is sent',
    async () => {
      const shop = harness();
      const order = await shop.place({ skus: [['MUG-BLUE', 2]] });
      const push = aPush(order, { units: some(order, 1) });
      const first = await shop.open().pushShipment(push);
      const tracking = {
        ...push.tracking,
        carrier: 'dpd',
        carrierName: 'DPD',
        number: 'DPD-2',
        url: 'https://dpd.example/2',
      };
      const correction = { ...push, revision: 2, tracking, remoteIds: first.remoteIds };

      const corrected = await shop.open().correctTracking(correction);
      const again = await shop.open().correctTracking(correction);

      const shipments = live(await shop.shipments(order.remoteId));
      expect(shipments).toMatchObject([{ state: 'shipped', carrierName: 'DPD', number: 'DPD-2', units: push.units }]);
      expect([corrected.remoteIds, again.remoteIds]).toEqual([[shipments[0]!.remoteId], [shipments[0]!.remoteId]]);
      if (traits.correct === 'in_place') expect(corrected.remoteIds).toEqual(first.remoteIds);
      expect(again.found).toBe(true);
    },
  );

  where(canVoid)('voids a shipment, so that its units are open again, however often it is sent', async () => {
    const shop = harness();
    const order = await shop.place({ skus: [['MUG-BLUE', 2]] });
    const push = aPush(order);
    const { remoteIds } = await shop.open().pushShipment(push);

    const voided = await shop.open().voidShipment({ ...push, remoteIds });
    await shop.open().voidShipment({ ...push, remoteIds });
    const renewed = await shop.open().pushShipment(aPush(order));

    expect(voided.order!.lines).toMatchObject([{ shipped: 0, cancelled: 0 }]);
    expect(renewed).toMatchObject({ found: false, order: { lines: [{ shipped: 2 }] } });
    expect((await shop.shipments(order.remoteId)).map(({ state }) => state)).toEqual(['voided', 'shipped']);
  });

  it('voids nothing where the shipment never arrived', async () => {
    const shop = harness();
    const order = await shop.place();

    const voided = await shop.open().voidShipment(aPush(order));

    expect(voided).toMatchObject({ remoteIds: [], found: false });
    expect(await shop.shipments(order.remoteId)).toEqual([]);
  });

  where(canVoid)('does not send a shipment again that a clerk voided in the shop', async () => {
    const shop = harness();
    const order = await shop.place();
    const push = aPush(order);
    const { remoteIds } = await shop.open().pushShipment(push);
    await shop.open().voidShipment({ ...push, remoteIds });

    const error = await errorOf(shop.open().pushShipment({ ...push, remoteIds }));

    expect(error.fault).toEqual({ kind: 'gone', what: 'shipment' });
    expect(live(await shop.shipments(order.remoteId))).toEqual([]);
  });
}

const tooMany = { kind: 'invalid', field: 'units', code: 'too_many_units' };

/** A sister of a shipment: the same units and no number either. */
const numberless = ({ units, tracking }: Push, taken: string[]) => ({ units, tracking, taken });

const numberOf = ({ tracking }: ReturnType<typeof aPush>) => ({ number: tracking.number });
