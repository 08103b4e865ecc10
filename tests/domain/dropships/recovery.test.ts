import { describe, expect, it } from '@jest/globals';
import { notAskedYet, recoveredStateOf, type SupplierSide } from '../../../domain/dropships/recovery.ts';

const line = { lineId: 'line_1', quantity: 5, shipped: 0, cancelled: 0, cancelRequested: 0 };
const shipment = (shipmentId: string, change: object = {}) => ({
  shipmentId,
  trackingNumber: `1Z-${shipmentId}`,
  revision: 1,
  voided: false,
  lines: [{ lineId: 'line_1', quantity: 2 }],
  ...change,
});
const supplier = (change: Partial<SupplierSide> = {}): SupplierSide => ({
  lines: [line],
  shipments: [],
  isSplit: false,
  rejected: null,
  cancelledFor: null,
  cancelReason: null,
  ...change,
});
const remaining = [{ lineId: 'line_1', remaining: 5 }];

describe('how far a dropship is that begins anew', () => {
  it('is what its shipments say, without those that were voided', () => {
    const shipments = [shipment('shp_1'), shipment('shp_2', { voided: true, revision: 2 })];

    const recovered = recoveredStateOf(supplier({ shipments, cancelReason: 'fraud' }), { remaining, open: [] });

    expect(recovered).toEqual({
      lines: [{ ...line, shipped: 2 }],
      shipments: shipments,
      cancelReason: 'fraud',
      ended: null,
      backlog: [],
    });
  });

  it('has ended when the supplier has split or rejected its order, and ends it for the merchant', () => {
    const whole = { reason: 'discontinued', isPart: false } as const;
    const part = { reason: 'out_of_stock', isPart: true } as const;
    const endOf = (change: Partial<SupplierSide>) => {
      const { ended, backlog } = recoveredStateOf(supplier(change), { remaining, open: [] });
      return { ended, backlog };
    };

    expect(endOf({ lines: [], isSplit: true })).toEqual({ ended: 'split', backlog: [{ kind: 'split' }] });
    expect(endOf({ lines: [], isSplit: true, rejected: part })).toEqual({
      ended: 'split',
      backlog: [{ kind: 'reject', ...part, cancelReason: null }],
    });
    expect(endOf({ lines: [{ ...line, cancelled: 5 }], rejected: whole, cancelReason: 'duplicate' })).toEqual({
      ended: 'rejected',
      backlog: [{ kind: 'reject', ...whole, cancelReason: 'duplicate' }],
    });
  });

  it('has what the supplier keeps less of than the merchant still to cancel there, and nothing else', () => {
    const lines = [
      { ...line, cancelled: 2 },
      { ...line, lineId: 'line_2', cancelled: 1 },
      { ...line, lineId: 'line_3' },
    ];
    const above = [3, 4, 4].map((remaining, index) => ({ lineId: `line_${index + 1}`, remaining }));
    const backlogOf = (remains: typeof above) =>
      recoveredStateOf(supplier({ lines, cancelledFor: 'fraud' }), { remaining: remains, open: [] }).backlog;

    expect(backlogOf(above)).toEqual([]);
    expect(backlogOf(above.with(1, { lineId: 'line_2', remaining: 5 }))).toEqual([
      { kind: 'cancel', lines: [{ lineId: 'line_2', remaining: 4 }], reason: 'fraud' },
    ]);
  });

  it('brings a void to the merchant before the cancel of its units, and both before a push that a shop may refuse', () => {
    const open = [
      { shipmentId: 'shp_1', orderId: 'ord_1' },
      { shipmentId: 'shp_2', orderId: null },
    ];
    const lines = [{ ...line, cancelled: 3 }];

    const { backlog } = recoveredStateOf(supplier({ lines, cancelledFor: 'other' }), { remaining, open });

    expect(backlog.map((command) => ('shipmentId' in command ? command.shipmentId : command.kind))).toEqual([
      'shp_2',
      'cancel',
      'shp_1',
    ]);
  });
});

describe('what a supplier is still to be asked to cancel', () => {
  it('is what its merchant wants fewer units of than it was asked for, or has cancelled', () => {
    const lines = [
      { ...line, cancelRequested: 2 },
      { ...line, lineId: 'line_2', cancelled: 3 },
    ];
    const wanted = (first: number, second: number) => [
      { lineId: 'line_1', remaining: first },
      { lineId: 'line_2', remaining: second },
    ];

    expect(notAskedYet(lines, wanted(3, 2))).toEqual([]);
    expect(notAskedYet(lines, wanted(2, 2))).toEqual([{ lineId: 'line_1', remaining: 2 }]);
    expect(notAskedYet(lines, wanted(3, 1))).toEqual([{ lineId: 'line_2', remaining: 1 }]);
    expect(notAskedYet([], wanted(0, 0))).toEqual([]);
  });
});
