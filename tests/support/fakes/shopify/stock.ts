import { isoOf, numberOf, ShopRefusal, variantsOf, type Level, type ShopState, type Variant } from './model.ts';

type Quantity = {
  inventoryItemId: string;
  locationId: string;
  quantity: number;
  changeFromQuantity?: number | null;
};
export type SetQuantitiesInput = { name: string; reason: string; quantities: Quantity[] };
type Change = { level: Level; variant: Variant; delta: number; after: number };

/** The mutations of stock. One bad item refuses the whole call, and nothing is written. */
export const stockOf = (shop: ShopState) => ({
  set({ name, reason, quantities }: SetQuantitiesInput) {
    if (!['available', 'on_hand'].includes(name))
      throw new ShopRefusal('The name must be available or on_hand.', ['input', 'name'], 'INVALID_NAME');
    if (quantities.length > 250)
      throw new ShopRefusal('The input array size is greater than the maximum allowed of 250.', [
        'input',
        'quantities',
      ]);
    const changes = quantities.map((quantity, index) => changeOf(shop, { name, quantity, index }));
    for (const { level, delta } of changes) level.available += delta;
    return {
      id: shop.newId('InventoryAdjustmentGroup'),
      reason,
      createdAt: isoOf(shop.now()),
      changes: changes
        .filter(({ delta }) => delta !== 0)
        .map(({ variant: { itemId, sku }, delta, after }) => ({
          name,
          delta,
          quantityAfterChange: after,
          item: { id: itemId, sku },
        })),
    };
  },

  activate({
    inventoryItemId,
    locationId,
    available = 0,
  }: {
    inventoryItemId: string;
    locationId: string;
    available?: number;
  }) {
    const variant = variantsOf(shop).find(({ itemId }) => itemId === inventoryItemId);
    if (!variant) throw new ShopRefusal('Inventory item does not exist.', ['inventoryItemId']);
    if (!variant.levels.has(locationId)) variant.levels.set(locationId, { available, committed: 0 });
    return { id: levelIdOf(variant, locationId), location: { id: locationId } };
  },
});

export const levelIdOf = ({ itemId }: Variant, locationId: string): string =>
  `gid://shopify/InventoryLevel/${numberOf(locationId)}?inventory_item_id=${numberOf(itemId)}`;

type Asked = { name: string; quantity: Quantity; index: number };

function changeOf(shop: ShopState, { name, quantity: asked, index }: Asked): Change {
  const refused = (message: string, field: string, code: string) =>
    new ShopRefusal(message, ['input', 'quantities', String(index), field], code);
  const variant = variantsOf(shop).find(({ itemId }) => itemId === asked.inventoryItemId);
  if (!variant)
    throw refused('The specified inventory item could not be found.', 'inventoryItemId', 'INVALID_INVENTORY_ITEM');
  const level = variant.levels.get(asked.locationId);
  if (!level)
    throw refused('The specified inventory item is not stocked at the location.', 'locationId', 'INVALID_LOCATION');
  // Unverified: this code.
  if (asked.changeFromQuantity === undefined)
    throw refused('The changeFromQuantity argument is required.', 'changeFromQuantity', 'COMPARE_QUANTITY_REQUIRED');
  const now = name === 'available' ? level.available : level.available + level.committed;
  if (asked.changeFromQuantity !== null && asked.changeFromQuantity !== now)
    throw refused(
      'The specified quantity is no longer up to date.',
      'changeFromQuantity',
      'CHANGE_FROM_QUANTITY_STALE',
    );
  return { level, variant, delta: asked.quantity - now, after: asked.quantity };
}
