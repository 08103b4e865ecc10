export const status = {
  attention: 'Needs attention',
  cancel_requested: 'Cancel requested',
  with_supplier: 'With supplier',
  accepted: 'Accepted',
  to_ship: 'To ship',
  partly_shipped: 'Partly shipped',
  shipped: 'Shipped',
  cancelled: 'Cancelled',
};
