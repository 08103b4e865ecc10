import pg from 'pg';
import type { MedusaShop } from '../../../../standalone/demo/medusa-shop.ts';

/** Opens a second place that has these SKUs, none of each, and sells from it. */
export async function openLocation({ call }: MedusaShop, name: string, skus: readonly string[]) {
  const { stock_location: made } = await call<{ stock_location: { id: string } }>('/admin/stock-locations', { name });
  const { sales_channels: channels } = await call<{ sales_channels: { id: string; name: string }[] }>(
    '/admin/sales-channels?fields=id,name',
  );
  await call(`/admin/stock-locations/${made.id}/sales-channels`, { add: channels.map(({ id }) => id) });
  await call(`/admin/stock-locations/${made.id}/fulfillment-providers`, { add: ['manual_manual'] });
  for (const sku of skus) {
    const item = await itemOf(call, sku);
    await call(`/admin/inventory-items/${item}/location-levels`, { location_id: made.id, stocked_quantity: 0 });
  }
  return made.id;
}

/** Sells a variant that is made of these, one of each. */
export async function createKit({ call }: MedusaShop, sku: string, parts: readonly string[]): Promise<void> {
  const items = [];
  for (const part of parts) items.push({ inventory_item_id: await itemOf(call, part), required_quantity: 1 });
  await call('/admin/products', {
    title: sku,
    status: 'published',
    options: [{ title: 'Default option', values: ['Default option value'] }],
    variants: [
      {
        title: 'Default variant',
        sku,
        manage_inventory: true,
        inventory_items: items,
        options: { 'Default option': 'Default option value' },
        prices: [{ currency_code: 'usd', amount: 30 }],
      },
    ],
  });
}

/** Units that have shipped come back. */
export async function giveBack(
  { call }: MedusaShop,
  orderId: string,
  units: readonly { lineId: string; quantity: number }[],
): Promise<void> {
  const items = units.map(({ lineId, quantity }) => ({ id: lineId, quantity }));
  const { stock_locations: places } = await call<{ stock_locations: { id: string }[] }>('/admin/stock-locations');
  const wanted = { order_id: orderId, location_id: places[0]!.id };
  const { return: begun } = await call<{ return: { id: string } }>('/admin/returns', wanted);
  const path = `/admin/returns/${begun.id}`;
  await call(`${path}/request-items`, { items });
  await call(`${path}/request`, {});
  await call(`${path}/receive`, {});
  await call(`${path}/receive-items`, { items });
  await call(`${path}/receive/confirm`, {});
}

async function itemOf(call: MedusaShop['call'], sku: string): Promise<string> {
  const path = `/admin/inventory-items?sku[]=${encodeURIComponent(sku)}&fields=id,sku`;
  const { inventory_items: items } = await call<{ inventory_items: { id: string }[] }>(path);
  return items[0]!.id;
}

/** Puts a wrong count into the shop's own database, as its past faults left it there. */
export async function reserveInDatabase(databaseUrl: string, sku: string, quantity: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const raw = JSON.stringify({ value: String(quantity), precision: 20 });
    await client.query(
      `UPDATE inventory_level SET reserved_quantity = $2, raw_reserved_quantity = $3
       WHERE inventory_item_id = (SELECT id FROM inventory_item WHERE sku = $1)`,
      [sku, quantity, raw],
    );
  } finally {
    await client.end();
  }
}
