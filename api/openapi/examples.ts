const ids = {
  merchant: 'acct_HarbourGoods',
  supplierAccount: 'acct_SummitSupply',
  supplier: 'sup_SummitSupply',
  channel: 'chan_OwnShop',
  order: 'ord_1001',
  line: 'line_1001a',
  product: 'prod_MugBlue',
};
const shipTo = {
  name: 'Ada Example',
  address1: '1 Main Street',
  city: 'Springfield',
  postalCode: '12345',
  country: 'US',
};
const lines = [{ lineId: ids.line, quantity: 1 }];
const shipped = { carrier: 'ups', trackingNumber: '1Z999AA10123456784' };
const sku = 'MUG-BLUE';

/** One body for each schema that is sent: those of the README where it has them. */
export const examples: Readonly<Record<string, object>> = {
  NewAccount: { name: 'Harbour Goods' },
  NewKey: { accountId: ids.merchant, name: 'walk', scopes: ['admin'] },
  NewConnection: { merchantAccountId: ids.merchant, supplierAccountId: ids.supplierAccount },
  ConnectionChange: { status: 'paused' },
  SupplierChange: { sharedFields: ['phone', 'email'], defaultShippingMethod: 'ground' },
  GoLive: { orderIds: [ids.order] },
  NewWarehouse: { name: 'Annex' },
  NewChannel: { kind: 'api', name: 'Own shop' },
  ChannelChange: { name: 'Own shop, renamed' },
  NewProduct: {
    sku,
    name: 'Stoneware mug, blue',
    fulfillmentType: 'automatically_dropshipped',
    suppliers: [{ supplierId: ids.supplier, supplierSku: 'SUM-100' }],
  },
  ProductChange: { name: 'Stoneware mug, navy blue' },
  ProductBatch: { items: [{ sku: 'POSTER-A2', name: 'Poster, A2', fulfillmentType: 'in_house' }] },
  ListingChange: { productId: ids.product },
  NewLevel: { sku: 'SUM-100', physicalOnHand: 40 },
  LevelBatch: { items: [{ sku: 'SUM-100', physicalOnHand: 40 }] },
  NewOrder: {
    channelId: ids.channel,
    remoteId: '5001',
    number: '1001',
    placedAt: '2026-01-31T12:00:00Z',
    currency: 'USD',
    shipTo,
    lines: [
      {
        remoteLineId: '1',
        sku,
        name: 'Stoneware mug, blue',
        quantity: 2,
        unitPrice: { amount: 1900, currency: 'USD' },
      },
    ],
  },
  OrderChange: { shipTo: { ...shipTo, address1: '2 Main Street' } },
  NewDropship: { supplierId: ids.supplier },
  EditAcceptance: { editId: 'edit_1' },
  EditDismissal: { editId: 'edit_1', reason: 'other' },
  NewCancel: { reason: 'customer_request', lines },
  NewSplit: { groups: [{ lines }, { lines: [{ lineId: 'line_1001b', quantity: 1 }] }] },
  Acceptance: { expectedShipAt: '2026-02-02T12:00:00Z' },
  Rejection: { reason: 'out_of_stock', lines },
  NewShipment: shipped,
  ShipmentCorrection: { trackingNumber: '1Z999AA10123456785' },
  NewVoid: { reason: 'not_sent' },
  ShipmentBatch: { items: [{ number: '1001-1', ...shipped }] },
  ScheduleChange: { interval: 'instant' },
  SyncRequest: { tasks: ['import_orders'] },
  Resolution: { action: 'retry', reason: 'other' },
  ResolutionByFilter: { filter: { code: 'channel_unauthorized' }, action: 'retry', reason: 'other' },
};
