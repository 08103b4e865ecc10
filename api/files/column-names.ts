/**
 * Other names of the columns that people's files have, in English, German, French and Spanish. Case, accents, blanks and
 * signs do not matter; `#` means "number". A name may mean different columns in different kinds of files.
 */
export const otherNames = {
  order: [
    'Order number', 'Order no', 'Order nr', 'Order ID', 'Order name', 'Order ref', 'Order reference', 'Sales order',
    'PO', 'PO number', 'PO no', 'Purchase order', 'Purchase order number',
    'Bestellung', 'Bestellnummer', 'Bestell-Nr.', 'Auftrag', 'Auftragsnummer', 'Auftrags-Nr.',
    'Commande', 'Numéro de commande', 'N° de commande', 'N° commande', 'No de commande', 'Numéro commande',
    'Pedido', 'Número de pedido', 'N.º de pedido', 'Nro. de pedido',
  ],
  sku: [
    'Item SKU', 'Product SKU', 'Variant SKU', 'Supplier SKU', 'Vendor SKU', 'SKU code', 'SKU number', 'Lineitem SKU',
    'Stock keeping unit', 'Item number', 'Item no', 'Item code', 'Product code', 'Part number', 'Part no',
    'Article', 'Article number', 'Article no',
    'Artikel', 'Artikelnummer', 'Artikel-Nr.', 'Art.-Nr.',
    'UGS', 'Référence produit', 'Référence article', 'Réf. article', 'Code article',
    'Artículo', 'Código de artículo', 'Código de producto',
  ],
  quantity: [
    'Qty', 'Qty shipped', 'Quantity shipped', 'Shipped quantity', 'Shipped qty', 'Lineitem quantity', 'Units', 'Pieces', 'Pcs',
    'Menge', 'Anzahl', 'Stück', 'Stückzahl', 'Quantité', 'Qté', 'Cantidad', 'Cant.',
  ],
  carrier: [
    'Carrier code', 'Shipping carrier', 'Shipping company', 'Tracking company', 'Courier',
    'Versanddienstleister', 'Versandunternehmen', 'Paketdienst', 'Spediteur', 'Transporteur', 'Transportista',
  ],
  method: ['Fulfillment method'],
  correct: ['Correction'],
  carrier_name: ['Name of carrier', 'Name of the carrier'],
  tracking: [
    'Tracking number', 'Tracking no', 'Tracking nr', 'Tracking code', 'Tracking ID', 'Tracking numbers',
    'Waybill', 'Waybill number', 'AWB', 'Consignment', 'Consignment number', 'Consignment no',
    'Sendungsnummer', 'Sendungs-Nr.', 'Trackingnummer', 'Paketnummer',
    'Numéro de suivi', 'N° de suivi', 'No de suivi', 'Code de suivi', 'Suivi',
    'Número de seguimiento', 'N.º de seguimiento', 'Seguimiento', 'Número de guía',
  ],
  url: [
    'Tracking URL', 'Tracking link', 'Tracking page',
    'Sendungslink', 'Lien de suivi', 'URL de suivi', 'Enlace de seguimiento',
  ],
  service: [
    'Shipping service', 'Carrier service', 'Service level', 'Shipping method', 'Ship method',
    'Versandart', 'Mode de livraison', "Mode d'expédition", 'Servicio',
  ],
  shipped_at: [
    'Ship date', 'Shipped on', 'Shipped date', 'Date shipped', 'Shipping date', 'Shipment date',
    'Dispatch date', 'Despatch date',
    'Versanddatum', 'Versendet am', 'Versandtag', "Date d'expédition", 'Date expédition', "Date d'envoi",
    'Fecha de envío',
  ],
  physical_on_hand: [
    'On hand', 'On-hand quantity', 'Quantity on hand', 'Qty on hand', 'Stock', 'Stock on hand', 'Stock level', 'In stock',
    'Inventory', 'Inventory quantity', 'Quantity', 'Qty', 'Count', 'Counted', 'Units', 'QOH', 'SOH',
    'Bestand', 'Lagerbestand', 'Menge', 'Anzahl', 'Stück', 'Stückzahl',
    'Quantité', 'Qté', 'Quantité en stock', 'Stock physique', 'Cantidad', 'Cant.', 'Existencias', 'Inventario',
  ],
  adjust_by: [
    'Adjust', 'Adjustment', 'Change', 'Difference', 'Delta', 'Quantity', 'Qty', 'Units',
    'Änderung', 'Differenz', 'Korrektur', 'Menge', 'Anzahl',
    'Ajustement', 'Écart', 'Quantité', 'Qté', 'Ajuste', 'Diferencia', 'Cantidad', 'Cant.',
  ],
  reason: ['Reason code', 'Grund', 'Motif', 'Raison', 'Motivo'],
  warehouse: [
    'Warehouse name', 'Warehouse ID', 'Location', 'Location name', 'Stock location', 'Inventory location',
    'Lager', 'Lagerort', 'Standort', 'Entrepôt', 'Dépôt', 'Almacén', 'Ubicación',
  ],
} satisfies Record<string, readonly string[]>; // prettier-ignore

export type Column = keyof typeof otherNames;
