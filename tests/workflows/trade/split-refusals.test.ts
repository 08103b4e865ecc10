import { describe, expect, it } from '@jest/globals';
import { cancel, handedOver, orCode, sold } from '../../support/trade/cancel-trade.ts';
import { inParts, split, splitInTwo, type Part } from '../../support/trade/split-trade.ts';
import {
  aCompany,
  aProduct,
  orderOf,
  placeOrder,
  ship,
  type Company,
  type OrderAnswer,
} from '../../support/trade/trade.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

describe('a split', () => {
  const refusedAs = async (
    { company, order }: { company: Company; order: Pick<OrderAnswer, 'id'> },
    groups: Part[][],
  ): Promise<unknown> => orCode(split(company, order.id, { groups }));

  it('is refused where it is not whole, or names what is not there', async () => {
    const { merchant, supplier, channelId } = traded;
    const { orderId, supplierOrderId } = await handedOver(traded, 3);
    const own = await placeOrder(merchant, { channelId, lines: [{ sku: await aProduct(merchant), quantity: 3 }] });
    const foreign = (await orderOf(merchant, orderId)).lines[0]!.id;

    for (const at of [
      { company: supplier, order: await orderOf(supplier, supplierOrderId) },
      { company: merchant, order: own },
    ]) {
      const { order } = at;
      expect(await refusedAs(at, inParts(order, 3))).toBe('split_refused');
      expect(await refusedAs(at, [])).toBe('split_refused');
      expect(await refusedAs(at, [...inParts(order, 3), []])).toBe('split_refused');
      expect(await refusedAs(at, inParts(order, 1, 1))).toBe('split_refused');
      expect(await refusedAs(at, inParts(order, 2, 2))).toBe('split_refused');
      expect(await refusedAs(at, [...inParts(order, 2), [{ lineId: foreign, quantity: 1 }]])).toBe('line_not_found');
      expect(await refusedAs(at, inParts(order, 0, 3))).toBe('invalid_request');
      expect(await refusedAs({ ...at, company: await aCompany(world) }, inParts(order, 1, 2))).toBe('order_not_found');
      expect(await orderOf(at.company, order.id)).toMatchObject({ status: 'awaiting_fulfillment', childIds: [] });
    }
  });

  it('is refused where units have shipped, are cancelled, or are asked to be; and twice', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, supplierLineId } = await handedOver(traded, 3);
    const at = { company: supplier, order: await orderOf(supplier, supplierOrderId) };
    const halves = inParts(at.order, 1, 2);

    await cancel(merchant, orderId);
    expect(await refusedAs(at, halves)).toBe('cancel_pending');
    await ship(supplier, supplierOrderId, { trackingNumber: '1Z-1', lines: [{ lineId: supplierLineId, quantity: 1 }] });
    expect(await refusedAs(at, halves)).toBe('order_shipped');

    const gone = await sold(traded, 3);
    await cancel(merchant, gone.id);
    expect(await refusedAs({ company: merchant, order: gone }, inParts(gone, 1, 2))).toBe('order_cancelled');

    const { orderId: parentId, mirrored } = await splitInTwo(traded);
    const parent = await orderOf(merchant, parentId);
    expect(await refusedAs({ company: merchant, order: parent }, inParts(parent, 3, 2))).toBe('order_is_split');
    expect(await orCode(cancel(merchant, parentId))).toBe('order_is_split');
    expect(await refusedAs({ company: merchant, order: mirrored[0]! }, inParts(mirrored[0]!, 1, 2))).toBe('order_already_imported'); // prettier-ignore
  });
});
