import { describe, expect, it } from '@jest/globals';
import { leafMeant, shipmentToCorrect, unitsNamed, type NumberedLeaf } from '../../../domain/shipments/matching.ts';
import { refusalOf } from '../../support/engine/refusal.ts';

type Units = { sku: string; quantity?: number; shipped?: number; cancelled?: number };

function aLeaf(id: string, units: Units[], rest: Partial<NumberedLeaf> = {}): NumberedLeaf {
  const lines = units.map(({ sku, quantity = 2, shipped = 0, cancelled = 0 }, index) => ({
    lineId: `${id}-${index}`,
    sku,
    quantity,
    shipped,
    cancelled,
  }));
  const left = lines.reduce((sum, line) => sum + line.quantity - line.shipped - line.cancelled, 0);
  const status = left > 0 ? 'awaiting_fulfillment' : 'shipped';
  return { id, number: `N-${id}`, root: 'order', status, isDropshipped: false, lines, shipments: [], ...rest };
}

const aShipment = (trackingNumber: string, lineId: string, quantity = 2) => ({
  shipmentId: `shp_${trackingNumber}`,
  trackingNumber,
  lines: [{ lineId, quantity }],
});
const meant = (leaves: NumberedLeaf[], skus?: string[], trackingNumber = 'T1') =>
  leafMeant(leaves, { trackingNumber, lines: skus?.map((sku) => ({ sku })) }).id;

describe('the shipment that a later one corrects', () => {
  const leaf = (shipments: NumberedLeaf['shipments'], shipped = 2) =>
    aLeaf(
      'a',
      [
        { sku: 'X', shipped },
        { sku: 'Y', shipped: 2 },
      ],
      { shipments },
    );
  const one = aShipment('OLD-1', 'a-0');
  const other = aShipment('OLD-2', 'a-1');
  const both = { ...one, lines: [...one.lines, ...other.lines] };

  it.each([
    ['all units, shipped as one', [both], undefined, 'shp_OLD-1'],
    ['units that one of two shipments has', [one, other], [{ sku: 'Y' }], 'shp_OLD-2'],
    ['the same units with their number', [one, other], [{ lineId: 'a-0', quantity: 2 }], 'shp_OLD-1'],
  ])('has %s', (...[_what, shipments, lines, id]) => {
    expect(shipmentToCorrect(leaf(shipments), { trackingNumber: 'NEW', lines })?.shipmentId).toBe(id);
  });

  it('is the one of two with the same units that has the number already', () => {
    const halves = [aShipment('OLD-1', 'a-0', 1), aShipment('OLD-2', 'a-0', 1)];
    const lines = [{ sku: 'X', quantity: 1 }];

    expect(shipmentToCorrect(leaf(halves), { trackingNumber: 'old 2', lines })?.shipmentId).toBe('shp_OLD-2');
  });

  it.each([undefined, [{ sku: 'X' }], [{ sku: 'X', quantity: 1 }]])('is none while a unit is left: %j', (lines) => {
    expect(
      shipmentToCorrect(leaf([aShipment('OLD-1', 'a-0', 1), other], 1), { trackingNumber: 'NEW', lines }),
    ).toBeUndefined();
  });

  it.each([
    ['several have all units', [one, other], undefined],
    ['it has more units', [both], [{ sku: 'Y' }]],
    ['it has other units of the line', [one, other], [{ sku: 'X', quantity: 1 }]],
    ['the units were shipped by the shop', [], undefined],
  ])('is not guessed where %s', (_what, shipments, lines) => {
    expect(refusalOf(() => shipmentToCorrect(leaf(shipments), { trackingNumber: 'NEW', lines }))?.code).toBe(
      'nothing_left_to_ship',
    );
  });
});

describe('the leaf that a number means', () => {
  it('is the one that has not shipped', () => {
    expect(meant([aLeaf('a', [{ sku: 'X', shipped: 2 }]), aLeaf('b', [{ sku: 'X' }])])).toBe('b');
  });

  it('is the one with open units of the named SKUs', () => {
    const leaves = [aLeaf('a', [{ sku: 'X' }]), aLeaf('b', [{ sku: 'Y' }])];

    expect(meant(leaves, ['Y'])).toBe('b');
    const half = aLeaf('c', [{ sku: 'Y', shipped: 2 }, { sku: 'X' }]);
    expect(meant([half, leaves[1]!], ['Y'])).toBe('b');
  });

  it('is the one whose supplier is the account itself', () => {
    expect(meant([aLeaf('a', [{ sku: 'X' }], { isDropshipped: true }), aLeaf('b', [{ sku: 'X' }])])).toBe('b');
  });

  it('is the one a shipment was recorded on, when the shipment is sent again', () => {
    const sent = aLeaf('a', [{ sku: 'X', shipped: 2 }], { shipments: [aShipment('t-1', 'a-0')] });

    expect(meant([sent, aLeaf('b', [{ sku: 'X' }])], ['X'], 'T1')).toBe('a');
    // One box may hold what two leaves say.
    expect(meant([sent, aLeaf('b', [{ sku: 'Y' }])], ['Y'], 'T1')).toBe('b');
  });

  it('is the only one with all that is named, where nothing is left to ship: a later number may correct it', () => {
    const leaves = [
      aLeaf('a', [{ sku: 'X', shipped: 2 }]),
      aLeaf('b', [
        { sku: 'Y', shipped: 2 },
        { sku: 'Z', shipped: 2 },
      ]),
    ];

    expect([meant(leaves, ['X']), meant(leaves, ['Y', 'Z'])]).toEqual(['a', 'b']);
    expect(meant([leaves[0]!, aLeaf('c', [{ sku: 'Y' }])], ['X'])).toBe('a');
    for (const skus of [undefined, ['X', 'Y'], ['W']])
      expect(refusalOf(() => meant(leaves, skus))?.code).toBe('order_ambiguous');
    expect(refusalOf(() => meant([...leaves, leaves[0]!], ['X']))?.code).toBe('order_ambiguous');
  });

  it.each([
    ['two leaves that are open', [aLeaf('a', [{ sku: 'X' }]), aLeaf('b', [{ sku: 'Y' }])], undefined],
    ['two leaves with the SKU', [aLeaf('a', [{ sku: 'X' }]), aLeaf('b', [{ sku: 'X' }])], ['X']],
    [
      'another order, also a cancelled one',
      [
        aLeaf('a', [{ sku: 'X', cancelled: 2 }], { status: 'cancelled' }),
        aLeaf('b', [{ sku: 'X' }], { root: 'other' }),
      ],
      ['X'],
    ],
  ])('is not guessed between %s', (_case, leaves, skus) => {
    const refusal = refusalOf(() => meant(leaves, skus));

    expect(refusal).toMatchObject({ code: 'order_ambiguous', pointers: ['/number', '/number'] });
  });

  it('is the only one there is, whatever refuses the shipment there', () => {
    expect(meant([aLeaf('a', [{ sku: 'X', shipped: 2 }])], ['Y'])).toBe('a');
  });
});

describe('the units that a shipment names', () => {
  const leaf = aLeaf('a', [{ sku: 'X', shipped: 1 }, { sku: 'Y' }, { sku: 'X', quantity: 3 }]);
  const named = (lines: object[], trackingNumber = 'T1') => unitsNamed(leaf, { trackingNumber, lines });

  it('are taken from the lines of a SKU in their order', () => {
    expect(named([{ sku: 'X', quantity: 3 }])).toEqual([
      { lineId: 'a-0', quantity: 1 },
      { lineId: 'a-2', quantity: 2 },
    ]);
    expect(named([{ lineId: 'a-2', quantity: 1 }, { sku: 'Y' }])).toEqual([
      { lineId: 'a-2', quantity: 1 },
      { lineId: 'a-1', quantity: 2 },
    ]);
  });

  it('are all that is left, without a name', () => {
    expect(unitsNamed(leaf, { trackingNumber: 'T1' })).toBeUndefined();
  });

  it.each([
    [[{ sku: 'Z' }], 'line_not_found', '/lines/0/sku'],
    [[{ sku: 'X', quantity: 5 }], 'quantity_exceeds_open', '/lines/0/quantity'],
    [[{ sku: 'Y' }, { sku: 'Y' }], 'invalid_request', '/lines/1/sku'],
    [[{ sku: 'X' }, { lineId: 'a-2' }], 'invalid_request', '/lines/1/lineId'],
  ])('are refused for %j as %s', (lines, code, pointer) => {
    expect(refusalOf(() => named(lines))).toMatchObject({ code, pointers: [pointer] });
  });

  it('are recognized when they are sent again, though less is left, on other lines', () => {
    const shipments = [aShipment('t 1', 'a-0', 1)];
    const sent = (lines: object[]) => unitsNamed({ ...leaf, shipments }, { trackingNumber: 'T1', lines });

    expect(refusalOf(() => sent([{ sku: 'X', quantity: 1 }]))).toMatchObject({ code: 'tracking_already_recorded' });
    expect(sent([{ sku: 'X', quantity: 2 }])).toEqual([
      { lineId: 'a-0', quantity: 1 },
      { lineId: 'a-2', quantity: 1 },
    ]);
    const all = aLeaf('b', [{ sku: 'X', shipped: 2 }, { sku: 'Y' }], { shipments: [aShipment('T1', 'b-0')] });
    const again = (sku: string) => refusalOf(() => unitsNamed(all, { trackingNumber: 'T1', lines: [{ sku }] }));
    expect(again('X')).toMatchObject({ code: 'tracking_already_recorded' });
  });
});
