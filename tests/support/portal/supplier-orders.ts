import { dataOf, type OrderRow } from '../../../clients/typescript/src/index.ts';
import { waitUntil } from '../engine/wait-until.ts';
import type { TradedSku } from '../trade/cancel-trade.ts';
import { aConnection, anApiChannel, aProduct, aCompany, placeOrder, ranTask } from '../trade/trade.ts';
import type { World } from '../trade/world.ts';

type OrderedUnits = { number: string; quantity?: number };

/** The supplier's orders after it has imported these orders of the merchant, in their order. */
export async function suppliedOrders(traded: TradedSku, wanted: readonly OrderedUnits[]): Promise<OrderRow[]> {
  const { merchant, supplier, channelId, sku, trade } = traded;
  for (const { number, quantity = 1 } of wanted)
    await placeOrder(merchant, { channelId, number, lines: [{ sku, quantity }] });
  const query = { channelId: trade.portalId, limit: 100 };
  const rows = await waitUntil(
    async () => {
      await ranTask(supplier, trade.portalId, 'import_orders');
      const { data } = await dataOf(supplier.rest.api.GET('/v1/order-rows', { params: { query } }));
      const found = wanted.map(({ number }) => data.find((row) => row.number === number));
      return found.every((row) => row !== undefined) && found;
    },
    { timeoutMs: 30_000, everyMs: 200, what: 'the orders at the supplier' },
  );
  return rows.filter((row) => row !== undefined);
}

/** Another merchant of the same supplier, which sells the same product. */
export async function anotherMerchant(world: World, { supplier, sku }: TradedSku): Promise<TradedSku> {
  const merchant = await aCompany(world);
  const trade = await aConnection(world, merchant, supplier);
  await aProduct(merchant, { sku, supplierId: trade.supplierId });
  return { merchant, supplier, trade, channelId: await anApiChannel(merchant), sku };
}
