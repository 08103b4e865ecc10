/** What a timeline tells. `data` of an event holds ids, numbers and codes, never personal data. */
export const orderEventTypes = [
  'order_imported',
  'order_received',
  'order_split',
  'ship_to_changed',
  'notes_changed',
  'dropship_requested',
  'dropship_imported',
  'dropship_cancelled',
  'shipment_recorded',
  'shipment_relayed',
  'shipment_pushed',
  'stock_shortfall',
  'attention_raised',
  'attention_resolved',
] as const;
export type OrderEventType = (typeof orderEventTypes)[number];
