import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../../support/engine/wait-until.ts';
import {
  aCompany,
  aConnection,
  aProduct,
  leavesOf,
  orderOf,
  ranTask,
  received,
  ship,
  type OrderAnswer,
} from '../../../support/trade/trade.ts';
import { startWorld, type World } from '../../../support/trade/world.ts';
import type { startMedusaHarness } from './harness.ts';

type Medusa = Awaited<ReturnType<typeof startMedusaHarness>>['shop'];

const lines = [
  { sku: 'MUG-BLUE', quantity: 2 },
  { sku: 'TEE-BLACK-M', quantity: 1 },
  { sku: 'POSTER-A2', quantity: 1 },
];

/** End to end: the service, a merchant with this shop, and a supplier. */
export function wayOfAnOrder(shop: () => Medusa) {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ allowedHosts: [new URL(shop().url).host] });
  });
  afterAll(async () => {
    await world?.stop();
  });

  async function aMedusaTrade() {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    const trade = await aConnection(world, merchant, supplier);
    for (const sku of ['MUG-BLUE', 'TEE-BLACK-M']) await aProduct(merchant, { sku, supplierId: trade.supplierId });
    await aProduct(merchant, { sku: 'POSTER-A2' });
    const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
    const { apiKey } = await shop().createApiKey('service');
    const { id: channelId } = await merchant.rest.post<{ id: string }>('/channels', {
      kind: 'medusa',
      name: 'Medusa shop',
      settings: { url: shop().url },
      credentials: { apiKey, webhookSecret },
    });
    await shop().setWebhookTarget(`${world.url}/v1/hooks/${channelId}`, webhookSecret);
    return { merchant, supplier, trade, channelId };
  }

  describe('an order of three products, two of them a supplier’s', () => {
    it('goes from the shop’s webhook to the shop’s order marked shipped, and takes an edit of the clerk', async () => {
      const trade = await aMedusaTrade();
      const { merchant, channelId } = trade;
      const placed = await shop().placeOrder({ lines });
      const imported = () => merchant.rest.get<{ data: OrderAnswer[] }>(`/orders?number=${placed.display_id}`);
      const order = await waitUntil(async () => (await imported()).data[0], { timeoutMs: 30_000, what: 'the import' });
      const leaves = await leavesOf(merchant, order.id);
      const dropshipped = leaves.find(({ dropship }) => dropship)!;
      const inHouse = leaves.find(({ dropship }) => !dropship)!;
      const { portalId } = trade.trade;
      const supplierOrder = await received(trade.supplier, { portalId, dropshipId: dropshipped.dropship!.id });
      const mugs = placed.items.find((item) => item.variant_sku === 'MUG-BLUE')!;

      await shop().cancel(placed.id, [{ lineId: mugs.id, quantity: 1 }]);
      await ranTask(merchant, channelId, 'cancel_orders');
      await ranTask(trade.supplier, portalId, 'cancel_orders');
      await ship(trade.supplier, supplierOrder.id, { trackingNumber: '1Z-SUPPLIER' });
      await ship(merchant, inHouse.id, { trackingNumber: '1Z-MERCHANT' });
      const shipped = await waitUntil(
        async () => {
          const now = await shop().order(placed.id);
          return now.fulfillment_status === 'shipped' ? now : undefined;
        },
        { timeoutMs: 60_000, what: 'the shop’s order to be shipped' },
      );
      await shop().setWebhookTarget('', '');

      const skuOf = (lineId: string) => placed.items.find(({ id }) => id === lineId)!.variant_sku!;
      const units = shipped.fulfillments.map(({ labels, items }) => [
        labels[0]?.tracking_number,
        Object.fromEntries(items.map((item) => [skuOf(item.line_item_id), item.quantity])),
      ]);
      expect(Object.fromEntries(units)).toEqual({
        '1Z-SUPPLIER': { 'MUG-BLUE': 1, 'TEE-BLACK-M': 1 },
        '1Z-MERCHANT': { 'POSTER-A2': 1 },
      });
      expect(units).toHaveLength(2);
      const seen = await orderOf(trade.supplier, supplierOrder.id);
      expect(seen.lines.map(({ sku, cancelled }) => [sku, cancelled])).toEqual([['MUG-BLUE', 1], ['TEE-BLACK-M', 0]]); // prettier-ignore
      expect(await orderOf(merchant, order.id)).toMatchObject({ status: 'split', overallStatus: 'shipped' });
    });
  });
}
