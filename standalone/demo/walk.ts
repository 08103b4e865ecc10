import { merchantName, ownProduct, soon, suppliedProducts, supplierName, type DemoAccounts } from './accounts.ts';
import { openBook, shareStock, type StockBook } from './stock.ts';
import { dataOf, type Client, type NewShipment, type Order } from '../../clients/typescript/src/index.ts';
import { shipWithLabel, type Label } from './label.ts';
import type { DemoShop } from './shop.ts';

/** What the walk leaves behind, for the next steps of a reader. */
export type Walked = { orderId: string; supplierOrderId: string; dropshipId: string; label: Label };

/**
 * Brings the supplier's stock to the shop, then follows an order from the customer's payment until the shop marks it
 * shipped. Reports each stage with its time, and at the end a table of the stock figures. It uses only the public REST
 * API and the shop's own APIs.
 */
export async function walk(accounts: DemoAccounts, shop: DemoShop, say: (line: string) => void): Promise<Walked> {
  const book = openBook(accounts, shop);
  say("\nThe supplier counts its stock, and the merchant's shop sells what there is.\n");
  await shareStock(accounts, { book, report: stopwatch(say) });
  say("\nA customer buys three products; two are a supplier's, one is the merchant's own.\n");
  const walked = await followOrder(accounts, shop, { book, say });
  await book.writeBack();
  say(`\nThe stock of ${suppliedProducts[0].sku} at each stage:\n\n${book.table()}`);
  return walked;
}

async function followOrder(
  accounts: DemoAccounts,
  shop: DemoShop,
  { book, say }: { book: StockBook; say: (line: string) => void },
): Promise<Walked> {
  const { merchant, supplier } = accounts;
  const [mug, tee] = suppliedProducts;
  const ordered = await shop.placeOrder([
    { sku: mug.sku, quantity: 2 },
    { sku: tee.sku, quantity: 1 },
    { sku: ownProduct.sku, quantity: 1 },
  ]);
  const report = stopwatch(say);
  report('paid', `${ordered.number}: 2 × ${mug.sku}, 1 × ${tee.sku}, 1 × ${ownProduct.sku} in the ${shop.name} shop`);

  const imported = await importedOrder(merchant, ordered.number);
  report('imported', `into ${merchantName}'s account, by the shop's signed webhook`);
  const leaves = await soon(async () => {
    const { childIds } = await order(merchant, imported.id);
    return childIds.length > 0 && Promise.all(childIds.map((id) => order(merchant, id)));
  }, 'the split');
  const toSupplier = leaves.find((leaf) => leaf.dropship)!;
  const inHouse = leaves.find((leaf) => !leaf.dropship)!;
  report('split', `${toSupplier.number} (${skus(toSupplier)}) and ${inHouse.number} (${skus(inHouse)})`);
  const dropshipId = toSupplier.dropship!.id;
  report('dropshipped', `${toSupplier.number} to ${supplierName}; it waits for Import Orders`);
  await book.note('bought 2');

  const received = await receivedOrder(accounts, dropshipId);
  report('received', `in ${supplierName}'s account after Sync, as ${received.number}: ${skus(received)}`);
  await book.note('imported');
  await book.writeBack();
  report('written back', `the 2 are out of ${supplierName}'s number now; the shop still sells ${await book.inShop()}`);

  const label = await shipWithLabel(supplier, received.id);
  const { trackingNumber } = label;
  report('shipped', `${supplierName} bought a label: ${label.carrierName} ${label.service}, ${trackingNumber}`);
  await soon(async () => (await order(merchant, toSupplier.id)).shipments[0], 'the relay');
  report('tracking back', `${trackingNumber} is with ${merchantName}`);
  const pushed = await soon(async () => {
    const now = await shop.progressOf(ordered.id);
    return now.trackings.some((tracking) => tracking === trackingNumber) && now;
  }, 'the push');
  report('in the shop', `the shop's order has ${trackingNumber}; state ${pushed.state}`);

  const own = await ship(merchant, inHouse.id, { carrier: 'usps', trackingNumber: '9400100000000000000000' });
  report('shipped', `${merchantName} entered USPS ${own.trackingNumber} for its own line`);
  const done = await soon(async () => {
    const now = await shop.progressOf(ordered.id);
    return now.isShipped && now;
  }, 'the shop');
  report('done', `the shop's order is ${done.state}, with ${done.trackings.length} fulfillments`);
  await book.note('shipped');
  return { orderId: imported.id, supplierOrderId: received.id, dropshipId, label };
}

/** An order that nobody has shipped yet, for a reader who looks into the portal. @returns its number at the supplier */
export async function leaveAnOrder(accounts: DemoAccounts, shop: DemoShop): Promise<string> {
  const lines = suppliedProducts.map(({ sku }, index) => ({ sku, quantity: index + 1 }));
  const { number } = await shop.placeOrder(lines);
  const { id } = await importedOrder(accounts.merchant, number);
  const dropship = await soon(async () => (await order(accounts.merchant, id)).dropship, 'the dropship');
  return (await receivedOrder(accounts, dropship.id)).number;
}

const importedOrder = (merchant: Client, number: string) =>
  soon(async () => (await orders(merchant, { number }))[0], 'the import');

/** The supplier's order, after Import Orders by hand. */
async function receivedOrder({ supplier, portalId }: DemoAccounts, dropshipId: string): Promise<Order> {
  await dataOf(
    supplier.POST('/v1/channels/{id}/sync', { params: { path: { id: portalId } }, body: { tasks: ['import_orders'] } }),
  );
  const isWanted = ({ origin }: Order) => origin?.dropshipId === dropshipId;
  return soon(async () => (await orders(supplier, { limit: 200 })).find(isWanted), 'Sync');
}

const order = (client: Client, id: string) => dataOf(client.GET('/v1/orders/{id}', { params: { path: { id } } }));
const orders = async (client: Client, query: { number?: string; limit?: number }) =>
  (await dataOf(client.GET('/v1/orders', { params: { query } }))).data;
const skus = ({ lines }: Order) => lines.map((line) => `${line.quantity} × ${line.sku}`).join(', ');
const ship = (client: Client, orderId: string, body: NewShipment) =>
  dataOf(
    client.POST('/v1/orders/{id}/shipments', {
      params: { path: { id: orderId }, header: { 'idempotency-key': `demo-${orderId}` } },
      body,
    }),
  );

function stopwatch(say: (line: string) => void) {
  const start = performance.now();
  return (stage: string, what: string) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    say(`  ${seconds.padStart(6)} s  ${stage.padEnd(13)} ${what}`);
  };
}
