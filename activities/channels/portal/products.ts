import { listAssigned } from '../../../db/catalogue/products.ts';
import type { ProductPage } from '../channel.ts';
import { asMerchant, connectionOf, type PortalTools } from './tools.ts';

const pageSize = 500;

/**
 * All products that the merchant has assigned to this supplier, by the merchant's product id. Only id, SKU and name cross.
 * While the connection is not active no product crosses, and the page does not cover any, so none is delisted.
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
