import { describe, expect, it } from '@jest/globals';
import { linesForParcel, unitsInParcel } from '../../../domain/labels/parcel.ts';
import { linesOfLabel } from '../../../domain/labels/purchase.ts';
import type { OrderStatus } from '../../../domain/orders/order.ts';

const goods = { lineId: 'mug', quantity: 5, shipped: 2, cancelled: 1, requiresShipping: true };
const card = { lineId: 'card', quantity: 1, shipped: 1, cancelled: 0, requiresShipping: false };
const anOrder = (status: OrderStatus = 'partially_shipped', dropship: { status: 'requested' } | null = null) => ({
  status,
  dropship,
  lines: [goods, card],
});
const all = { requested: null, isReturn: false };
const code = (name: string) => expect.objectContaining({ code: name }) as unknown as Error;

describe('the parcel of an order', () => {
  it('contains all open units of goods, or those that are named', () => {
    expect(unitsInParcel(anOrder(), all)).toEqual([{ lineId: 'mug', quantity: 2 }]);
    const one = { ...all, requested: [{ lineId: 'mug', quantity: 1 }] };
    expect(unitsInParcel(anOrder(), one)).toEqual([{ lineId: 'mug', quantity: 1 }]);
  });

  it('contains no more than is open, and nothing that needs no shipping', () => {
    const more = { ...all, requested: [{ lineId: 'mug', quantity: 3 }] };
    const digital = { ...all, requested: [{ lineId: 'card', quantity: 1 }] };

    expect(() => unitsInParcel(anOrder(), more)).toThrow(code('quantity_exceeds_open'));
    expect(() => unitsInParcel(anOrder(), digital)).toThrow(code('line_not_found'));
  });

  it('is made by whoever ships the order', () => {
    expect(() => unitsInParcel(anOrder('dropship_requested', { status: 'requested' }), all)).toThrow(
      code('order_dropshipped'),
    );
    expect(() => unitsInParcel(anOrder('split'), all)).toThrow(code('order_is_split'));
    expect(() => unitsInParcel(anOrder('cancelled'), all)).toThrow(code('order_cancelled'));
  });
});

describe('the parcel of a return', () => {
  it('has units that no other return label has', () => {
    const lines = linesForParcel(anOrder().lines, true);

    expect(linesOfLabel(lines, [])).toEqual([{ lineId: 'mug', quantity: 2 }]);
    expect(linesOfLabel(lines, [{ lineId: 'mug', quantity: 1 }])).toEqual([{ lineId: 'mug', quantity: 1 }]);
    expect(() => linesOfLabel(lines, [{ lineId: 'mug', quantity: 2 }])).toThrow(code('nothing_left_to_ship'));
  });

  const returned = { requested: null, isReturn: true };

  it('contains units that have shipped, whoever shipped them', () => {
    const order = anOrder('partially_shipped', { status: 'requested' });

    expect(unitsInParcel(order, returned)).toEqual([{ lineId: 'mug', quantity: 2 }]);
    const three = { ...returned, requested: [{ lineId: 'mug', quantity: 3 }] };
    expect(() => unitsInParcel(order, three)).toThrow(code('quantity_exceeds_open'));
  });

  it('is of a leaf', () => {
    expect(() => unitsInParcel(anOrder('split'), returned)).toThrow(code('order_is_split'));
  });
});
