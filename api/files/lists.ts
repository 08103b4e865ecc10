import type { Listing } from '../../db/catalogue/listings.ts';
import type { ProductRecord } from '../../db/catalogue/products.ts';
import type { Order } from '../../db/orders/view.ts';
import type { StockLevel } from '../../db/stock/level-rows.ts';
import { availableOnHand } from '../../domain/stock.ts';
import { unitsToShip } from '../../domain/shipments/route.ts';

/** The lists as files. Their first columns are those that the upload of such a file takes. */

/** A row for each line with units that the account has to ship. */
export const ordersToShip = {
  columns: [
    'order', 'sku', 'quantity', 'carrier', 'tracking', 'product', 'placed_at', 'ordered_method',
    'ship_to', 'company', 'address1', 'address2', 'city', 'province', 'postal_code', 'country',
  ],
  rowsOf: (order: Order) => {
    const { name, company, address1, address2, city, province, postalCode, country } = order.shipTo;
    const place = [name, company ?? null, address1, address2 ?? null, city, province ?? null, postalCode, country];
    return unitsToShip(order).map((line) => [
      order.number, line.sku, line.quantity, null, null, line.name, order.placedAt, order.shippingMethod, ...place,
    ]);
  },
}; // prettier-ignore

export type OrderShipment = { order: Order; shipment: Order['shipments'][number] };

/** A row for each line of a shipment. */
export const trackings = {
  columns: [
    'order', 'sku', 'quantity', 'carrier', 'tracking', 'method', 'service', 'url', 'shipped_at', 'status', 'shipment',
  ],
  rowsOf: ({ order, shipment }: OrderShipment) =>
    shipment.lines.map(({ lineId, quantity }) => [
      order.number,
      order.lines.find((line) => line.lineId === lineId)?.sku ?? null,
      quantity,
      shipment.carrierName,
      shipment.trackingNumber,
      shipment.method,
      shipment.service,
      shipment.trackingUrl,
      shipment.shippedAt,
      shipment.status,
      shipment.id,
    ]),
}; // prettier-ignore

export const stockLevels = {
  columns: ['sku', 'physical_on_hand', 'warehouse', 'committed', 'available', 'name', 'sharing', 'cause'],
  rowsOf: (level: StockLevel) => [
    [
      level.sku,
      level.physicalOnHand,
      warehouseOf(level),
      level.committed,
      availableOnHand(level),
      level.productName,
      level.sharing.state,
      level.sharing.cause,
    ],
  ],
};

/** A supplier's warehouse may have the name of an own one. */
const warehouseOf = ({ appliedVersion, warehouseId, warehouseName }: StockLevel): string =>
  appliedVersion === null ? warehouseName : warehouseId;

export const listings = {
  columns: ['sku', 'channel', 'remote_id', 'remote_sku', 'needs_sync', 'suspended', 'cause'],
  rowsOf: ({ sku, channelId, remoteId, remoteSku, needsSync, suspended, cause }: Listing) => [
    [sku, channelId, remoteId, remoteSku, yesOrNo(needsSync), yesOrNo(suspended), cause],
  ],
};

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

export const products = {
  columns: [
    'sku', 'name', 'fulfillment_type', 'default_supplier', 'changed_at', 'weight_grams', 'hs_code', 'origin_country',
    'customs_value', 'customs_currency', 'bin',
  ],
  rowsOf: (product: ProductRecord) => [
    [
      product.sku,
      product.name,
      product.fulfillmentType,
      product.suppliers.find(({ isDefault }) => isDefault)?.supplierId ?? null,
      product.updatedAt,
      product.shipping.weightGrams,
      product.shipping.hsCode,
      product.shipping.originCountry,
      product.shipping.customsValue?.amount ?? null,
      product.shipping.customsValue?.currency ?? null,
      product.shipping.bin,
    ],
  ],
}; // prettier-ignore
