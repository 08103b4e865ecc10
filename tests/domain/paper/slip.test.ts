import { describe, expect, it } from '@jest/globals';
import { aBrand, aPrintedLine, aPrintedOrder, aSlip } from '../../support/paper/printed.ts';
import { unitsToPack } from '../../../domain/paper/printed-order.ts';

const units = (...lines: ReturnType<typeof aPrintedLine>[]) => ({
  all: (parcel?: Parameters<typeof unitsToPack>[1]) =>
    unitsToPack(aPrintedOrder({ lines }), parcel).map(({ line, here, toCome }) => [line.lineId, here, toCome]),
});

describe('the units of a box', () => {
  it('are all open ones, without lines that are done or need no shipping', () => {
    const order = units(
      aPrintedLine(1, { quantity: 5, shipped: 1, cancelled: 2 }),
      aPrintedLine(2, { shipped: 3 }),
      aPrintedLine(3, { requiresShipping: false }),
    );

    expect(order.all()).toEqual([['line_1', 2, 0]]);
  });

  it('are what has shipped, where the slip of a whole order is printed again', () => {
    expect(units(aPrintedLine(1, { shipped: 2, cancelled: 1 })).all()).toEqual([['line_1', 2, 0]]);
  });

  it('are those of the label, and the others are still to come', () => {
    const [one, other] = [aPrintedLine(1), aPrintedLine(2)];
    const parcel = { lines: [{ lineId: 'line_1', quantity: 2 }], isRecorded: false };

    expect(units(one, other).all(parcel)).toEqual([['line_1', 2, 1], ['line_2', 0, 3]]); // prettier-ignore
  });

  it('are the same once the shipment of the label is recorded', () => {
    const [one, other] = [aPrintedLine(1, { shipped: 2 }), aPrintedLine(2)];
    const parcel = { lines: [{ lineId: 'line_1', quantity: 2 }], isRecorded: true };

    expect(units(one, other).all(parcel)).toEqual([['line_1', 2, 1], ['line_2', 0, 3]]); // prettier-ignore
  });
});

describe('a packing slip', () => {
  const prices = (showPrices: boolean, sharesPrices: boolean) => {
    const { hasPrices, lines } = aSlip({}, { brand: aBrand({ showPrices }), sharesPrices });
    return [hasPrices, ...lines.map(({ unitPriceMinor }) => unitPriceMinor)];
  };

  it('has prices only where they are shared and the slip shows them', () => {
    expect(prices(true, true)).toEqual([true, 1290, 1290]);
    expect(prices(true, false)).toEqual([false, null, null]);
    expect(prices(false, true)).toEqual([false, null, null]);
  });

  it('names the supplier only where the merchant shows it', () => {
    expect(aSlip({}, { brand: aBrand({ showSupplier: true }) }).supplierName).toBe('Summit Supply');
    expect(aSlip().supplierName).toBeNull();
  });

  it('has no field for a cost', () => {
    expect(JSON.stringify(aSlip())).not.toMatch(/cost/i);
  });
});
