'use strict';

const { FulfillmentHandler, LanguageCode } = require('@vendure/core');

const text = (label) => ({ type: 'string', required: false, label: [{ languageCode: LanguageCode.en, value: label }] });

/**
 * Fulfills with a reference. A repeated reference breaks the unique column below and rolls the whole mutation back,
 * so a shipment that was sent twice is one fulfillment.
 */
const fulfillmentHandler = new FulfillmentHandler({
  code: 'vendor-portals',
  description: [{ languageCode: LanguageCode.en, value: 'Shipment reported by a supplier' }],
  args: {
    method: text('Carrier'),
    trackingCode: text('Tracking number'),
    trackingUrl: text('Tracking link'),
    shipmentId: text('Shipment reference'),
  },
  createFulfillment: (_ctx, _orders, _lines, { method, trackingCode, trackingUrl, shipmentId }) => ({
    method: method ?? '',
    trackingCode: trackingCode ?? '',
    // An empty string is a value to a unique column: two fulfillments without a reference must both be null.
    customFields: { shipmentId: shipmentId || null, trackingUrl: trackingUrl || null },
  }),
});

/** Fields on Fulfillment that the handler fills and the admin API shows. */
const fulfillmentFields = [
  { name: 'shipmentId', type: 'string', nullable: true, unique: true, readonly: true, public: false },
  { name: 'trackingUrl', type: 'string', nullable: true, length: 2000, readonly: true, public: true },
];

module.exports = { fulfillmentHandler, fulfillmentFields };
