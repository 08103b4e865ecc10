import { describe, expect, it } from '@jest/globals';
import { asPicked, inJobOrder, packOrder, type OrderToPack, type PackedLabel } from '../../../domain/paper/packing.ts';
import { printedAtOnce } from '../../../domain/paper/paper.ts';
import { ordersToPrint } from '../../../domain/paper/print-job.ts';
import { codeOf } from '../../support/engine/refusal.ts';

const aLine = (lineId: string, units: { quantity: number; shipped?: number; cancelled?: number; bin?: string }) => ({
  lineId,
  sku: `SKU-${lineId}`,
  name: lineId,
  bin: units.bin ?? null,
  quantity: units.quantity,
  shipped: units.shipped ?? 0,
  cancelled: units.cancelled ?? 0,
  requiresShipping: true,
  unitPriceMinor: null,
});

const anOrder = (
  number: string,
  change: Partial<OrderToPack> = {},
  lines = [aLine('a', { quantity: 5 })],
): OrderToPack => ({
  order: {
    id: `ord_${number}`,
    number,
    merchantNumber: number,
    placedAt: '2026-11-20T10:00:00.000Z',
    currency: 'USD',
    shipTo: { name: 'Ada', address1: '1 Main Street', city: 'Porto', postalCode: '4000', country: 'PT' },
    shippingMethod: null,
    note: null,
    lines,
  },
  status: 'awaiting_fulfillment',
  dropshipStatus: null,
  labels: [],
  ...change,
});

const aLabel = (labelId: string, quantity: number, change: Partial<PackedLabel> = {}): PackedLabel => ({
  labelId,
  documentId: `doc_${labelId}`,
  lines: [{ lineId: 'a', quantity }],
  isRecorded: true,
  wasPrinted: false,
  ...change,
});

describe('the parcels of an order on paper', () => {
  it('are one, of all that is open, where no label is asked for', () => {
    const found = anOrder('1001', { labels: [aLabel('one', 3)] });

    const { packed, failures } = packOrder(found, ['packing_slip', 'pick_list']);

    expect(packed!.parcels).toEqual([{ label: null }]);
    expect(failures).toEqual([]);
  });

  it('are those that have labels, with their units, where labels are asked for', () => {
    const { packed } = packOrder(anOrder('1001', { labels: [aLabel('one', 3), aLabel('two', 2)] }), ['label']);

    expect(packed!.parcels).toEqual([
      { label: { labelId: 'one', documentId: 'doc_one' }, units: { lines: [{ lineId: 'a', quantity: 3 }], isRecorded: true } },
      { label: { labelId: 'two', documentId: 'doc_two' }, units: { lines: [{ lineId: 'a', quantity: 2 }], isRecorded: true } },
    ]); // prettier-ignore
  });

  it('are not printed a second time with the label of another parcel, but all again where all were printed', () => {
    const first = aLabel('one', 3, { wasPrinted: true });
    const idsOf = (labels: PackedLabel[]) =>
      packOrder(anOrder('1001', { labels }), ['label']).packed!.parcels.map(({ label }) => label!.labelId);

    expect(idsOf([first, aLabel('two', 2)])).toEqual(['two']);
    expect(idsOf([first, aLabel('two', 2, { wasPrinted: true })])).toEqual(['one', 'two']);
  });

  it.each([
    ['split', { status: 'split' }, 'order_is_split'],
    ['cancelled', { status: 'cancelled' }, 'order_cancelled'],
    ['with a supplier', { status: 'dropship_requested', dropshipStatus: 'accepted' }, 'order_dropshipped'],
    ['shipped by a supplier', { status: 'shipped', dropshipStatus: 'shipped' }, 'order_dropshipped'],
  ] as const)('are none of an order that is %s', (_name, change, code) => {
    expect(packOrder(anOrder('1001', change), ['packing_slip'])).toEqual({
      packed: null,
      failures: [{ orderId: 'ord_1001', document: null, code }],
    });
  });

  it('are none of an order without a label, where labels are asked for', () => {
    expect(packOrder(anOrder('1001'), ['label', 'packing_slip'])).toEqual({
      packed: null,
      failures: [{ orderId: 'ord_1001', document: null, code: 'label_not_bought' }],
    });
  });

  it('are without the label whose bytes are gone', () => {
    const labels = [aLabel('one', 3, { documentId: null }), aLabel('two', 2)];
    const gone = [{ orderId: 'ord_1001', document: 'label', code: 'document_not_found' }];

    const some = packOrder(anOrder('1001', { labels }), ['label']);
    const none = packOrder(anOrder('1001', { labels: labels.slice(0, 1) }), ['label']);

    expect(some.packed!.parcels.map(({ label }) => label!.labelId)).toEqual(['two']);
    expect(some.failures).toEqual(gone);
    expect(none).toEqual({ packed: null, failures: gone });
  });
});

describe('a pick list', () => {
  it('counts the units of the parcels alone', () => {
    const lines = [aLine('a', { quantity: 5, shipped: 3 }), aLine('b', { quantity: 1, cancelled: 1 })];
    const open = packOrder(anOrder('1001', {}, lines), ['pick_list']).packed!;
    const labels = [aLabel('one', 2), aLabel('two', 1)];
    const labelled = packOrder(anOrder('1001', { labels }, lines), ['pick_list', 'label']).packed!;

    const unitsOf = (packed: typeof open) => asPicked(packed).lines.map(({ lineId, quantity }) => [lineId, quantity]);

    expect(unitsOf(open)).toEqual([['a', 2], ['b', 0]]); // prettier-ignore
    expect(unitsOf(labelled)).toEqual([['a', 3], ['b', 0]]); // prettier-ignore
  });
});

describe('the orders of a job', () => {
  const packed = (number: string, bin?: string) =>
    packOrder(anOrder(number, {}, [aLine(bin ?? 'z', { quantity: 1, ...(bin !== undefined && { bin }) })]), ['packing_slip'])
      .packed!; // prettier-ignore

  it('lie by number as people count, or by the bin on the way', () => {
    const orders = [packed('1010', 'A-02'), packed('1002', 'B-01'), packed('1009'), packed('1001', 'A-10')];
    const numbers = (sort: 'number' | 'bin') => inJobOrder(orders, sort).map(({ order }) => order.number);

    expect(numbers('number')).toEqual(['1001', '1002', '1009', '1010']);
    expect(numbers('bin')).toEqual(['1010', '1001', '1002', '1009']);
  });

  it('are each printed once, and not more than a job may have', () => {
    const ids = Array.from({ length: printedAtOnce }, (_, at) => `ord_${at}`);

    expect(ordersToPrint(['ord_a', 'ord_b', 'ord_a'])).toEqual(['ord_a', 'ord_b']);
    expect(ordersToPrint([...ids, 'ord_0'])).toEqual(ids);
    expect(codeOf(() => ordersToPrint([...ids, 'ord_more']))).toBe('print_job_too_large');
    expect(codeOf(() => ordersToPrint([]))).toBe('nothing_to_print');
  });
});
