import type { PrintedLine, PrintedOrder } from '../../../domain/paper/printed-order.ts';
import { slipOf, type Brand, type SlipContent, type SlipParts } from '../../../domain/paper/slip.ts';

export const aPrintedLine = (at: number, change: Partial<PrintedLine> = {}): PrintedLine => ({
  lineId: `line_${at}`,
  sku: `SUM-${at}00`,
  name: 'Blue enamel mug, 350 ml',
  bin: `A-${at}`,
  quantity: 3,
  shipped: 0,
  cancelled: 0,
  requiresShipping: true,
  unitPriceMinor: 1290,
  ...change,
});

export const aPrintedOrder = (change: Partial<PrintedOrder> = {}): PrintedOrder => ({
  id: 'ord_1',
  number: '1001-1',
  merchantNumber: '1001',
  placedAt: '2026-11-30T10:00:00Z',
  currency: 'EUR',
  shipTo: {
    name: 'Ada Example',
    address1: '12 Long Street',
    city: 'Portland',
    province: 'OR',
    postalCode: '97201',
    country: 'US',
  },
  shippingMethod: 'Standard',
  note: null,
  lines: [aPrintedLine(1), aPrintedLine(2, { name: 'Red enamel mug, 350 ml' })],
  ...change,
});

export const aBrand = (change: Partial<Brand> = {}): Brand => ({
  displayName: 'Harbour Goods',
  message: 'Thank you for your order!',
  returnAddress: {
    name: 'Harbour Goods Returns',
    address1: 'Dock Road 7',
    city: 'Liverpool',
    postalCode: 'L3 4AX',
    country: 'GB',
  },
  showPrices: false,
  showSupplier: false,
  language: 'en',
  ...change,
});

export const aSlip = (order: Partial<PrintedOrder> = {}, parts: Partial<SlipParts> = {}): SlipContent =>
  slipOf(aPrintedOrder(order), {
    brand: aBrand(),
    logo: null,
    supplierName: 'Summit Supply',
    sharesPrices: true,
    ...parts,
  });
