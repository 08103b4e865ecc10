/**
 * The events of a timeline. Their `data` has ids, numbers and codes, never personal data. The exception is `note_added`:
 * its `note` is a person's text and stays in that account.
 */
export const orderEventTypes = [
  'order_imported',
  'order_received',
  'order_split',
  'order_edited',
  'order_refunded',
  'edit_accepted',
  'edit_dismissed',
  'edit_withdrawn',
  'product_chosen',
  'ship_to_changed',
  'notes_changed',
  'dropship_requested',
  'dropship_imported',
  'dropship_cancelled',
  'cancelled_in_shop',
  'cancel_requested',
  'cancel_declined',
  'order_cancelled',
  'order_accepted',
  'order_rejected',
  'note_added',
  'shipment_recorded',
  'shipment_relayed',
  'shipment_pushed',
  'shipment_corrected',
  'shipment_correction_pushed',
  'shipment_voided',
  'shipment_void_pushed',
  'label_printed',
  'stock_shortfall',
  'attention_raised',
  'attention_resolved',
] as const;
export type OrderEventType = (typeof orderEventTypes)[number];
