export const tasks = {
  import_orders: 'Import Orders',
  import_products: 'Import Products',
  write_inventory: 'Write Inventory Back',
  cancel_orders: 'Cancel Orders',
};
