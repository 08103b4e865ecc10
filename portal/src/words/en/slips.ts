import { plural } from '../../lib/format.ts';

export const slips = {
  title: 'Packing slips',
  slip: 'Packing slip',
  slipOf: (number: string) => `Packing slip of order ${number}`,
  paper: 'Paper',
  papers: { a4: 'A4', letter: 'Letter' },
  pickFirst: 'Pick list first',
  pickList: 'Pick list',
  ofOrders: (count: number) => `For ${plural(count, 'order', 'orders')}`,
  print: (count: number) => `Print ${plural(count, 'slip', 'slips')}`,
  none: 'No orders are chosen',
  noneHint: 'Choose orders in the list, then press Print slips.',
  missing: (count: number) =>
    `${plural(count, 'order is', 'orders are')} not here. They may have been split or removed.`,
  notMarked: 'The orders are not marked as printed',
  shipTo: 'Ship to',
  placed: 'Ordered',
  method: 'Method',
  units: 'Units',
  sku: 'SKU',
  item: 'Item',
  lines: 'Orders',
  packed: 'Packed',
  picked: 'Picked',
  note: 'Note',
};
