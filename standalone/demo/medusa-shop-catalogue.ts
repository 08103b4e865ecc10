import type { MedusaCall } from './medusa-shop-call.ts';

type Level = { location_id: string; stocked_quantity: number; reserved_quantity: number; available_quantity: number };
type Item = { id: string; location_levels: Level[] };
/** Of one location, or of all. */
type ShopStock = { onHand: number; reserved: number; available: number };

type Variant = { id: string; sku: string | null; product_id: string };

/** The shop's products and stock, as its clerks see and change them. */
export function medusaCatalogue(call: MedusaCall) {
  const variants = variantsOf(call);

  const itemOf = async (sku: string): Promise<Item | undefined> => {
    const path = `/admin/inventory-items?sku[]=${encodeURIComponent(sku)}&fields=id,sku,*location_levels`;
    return (await call<{ inventory_items: Item[] }>(path)).inventory_items[0];
  };
  return {
    variantId: async (sku: string): Promise<string> => (await variants(sku)).id,
    updateVariant: async (sku: string, changes: object): Promise<void> => {
      const { id, product_id: product } = await variants(sku);
      await call(`/admin/products/${product}/variants/${id}`, changes);
    },
    updateProduct: async (sku: string, changes: object): Promise<void> =>
      void (await call(`/admin/products/${(await variants(sku)).product_id}`, changes)),
    deleteProduct: async (sku: string): Promise<void> =>
      void (await call(`/admin/products/${(await variants(sku)).product_id}`, undefined, 'DELETE')),
    /** @param locationId all locations if left out; zeros for what the shop does not track */
    async stockOf(sku: string, locationId?: string): Promise<ShopStock> {
      const levels = (await itemOf(sku))?.location_levels ?? [];
      const counted = levels.filter((level) => locationId === undefined || level.location_id === locationId);
      const total = (field: Exclude<keyof Level, 'location_id'>) =>
        counted.reduce((sum, level) => sum + level[field], 0);
      return {
        onHand: total('stocked_quantity'),
        reserved: total('reserved_quantity'),
        available: total('available_quantity'),
      };
    },
    /** Units on hand at a location that has the item; the first one if left out. */
    async setStock(sku: string, quantity: number, locationId?: string): Promise<void> {
      const item = await itemOf(sku);
      const location = locationId ?? item!.location_levels[0]!.location_id;
      await call(`/admin/inventory-items/${item!.id}/location-levels/${location}`, { stocked_quantity: quantity });
    },
  };
}

/** By the SKU that they had when they were read first, since a test may change it. */
function variantsOf(call: MedusaCall) {
  const known = new Map<string, Variant>();
  return async (sku: string): Promise<Variant> => {
    if (!known.has(sku)) {
      const path = '/admin/product-variants?limit=2000&fields=id,sku,product_id';
      const { variants } = await call<{ variants: Variant[] }>(path);
      for (const variant of variants) if (variant.sku && !known.has(variant.sku)) known.set(variant.sku, variant);
    }
    const variant = known.get(sku);
    if (!variant) throw new Error(`The shop has no variant ${sku}.`);
    return variant;
  };
}
