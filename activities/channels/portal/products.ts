import { listAssigned } from '../../../db/catalogue/products.ts';
import type { ProductPage } from '../channel.ts';
import { asMerchant, connectionOf, type PortalTools } from './tools.ts';

const pageSize = 500;

/**
 * The products that the merchant has assigned to this supplier, all of them, by the merchant's product id. Id, SKU and
 * name cross, nothing else. While the connection is not active nothing new crosses, and nothing is said to be gone.
 */
export async function listProducts(tools: PortalTools, after: string | null): Promise<ProductPage> {
  const { status } = await connectionOf(tools);
  if (status !== 'active') return { items: [], next: after ?? '', more: false };
  const assigned = await asMerchant(tools, (db) =>
    listAssigned(db, tools.connectionId, { after: after ?? '', limit: pageSize }),
  );
  const items = assigned.map(({ id, sku, name }) => ({
    remoteId: id,
    sku,
    name,
    active: true,
    tracksStock: true,
  }));
  return { items, next: items.at(-1)?.remoteId ?? after ?? '', more: items.length === pageSize, covers: true };
}
