'use strict';

const { bulkProducts, countries, products, stocked } = require('./catalogue.js');

const currencies = Object.keys(countries);
const perCall = 50;

/**
 * Fills an empty shop by its own Admin API.
 * @param post sends a body to a path; `get` reads one. Both give the answer.
 * @param bulk how many products it has besides those of the catalogue
 */
async function seed({ post, get }, { bulk }) {
  const channel = await createSalesChannel(post);
  await sellIn({ post, get });
  const location = await createLocation(post, channel);
  const profile = await createShipping(post, location);
  await createProducts(post, [...products, ...bulkProducts(bulk)], { channel, profile });
  await stock({ post, get }, location);
}

/** Customers come through a publishable key. */
async function createSalesChannel(post) {
  const { sales_channel: channel } = await post('/admin/sales-channels', { name: 'Web shop' });
  const { api_key: key } = await post('/admin/api-keys', { title: 'Web shop', type: 'publishable' });
  await post(`/admin/api-keys/${key.id}/sales-channels`, { add: [channel.id] });
  return channel.id;
}

async function sellIn({ post, get }) {
  const { stores } = await get('/admin/stores');
  const supported = currencies.map((code) => ({ currency_code: code, is_default: code === 'usd' }));
  await post(`/admin/stores/${stores[0].id}`, { name: 'Harbour Goods', supported_currencies: supported });
  for (const code of currencies) {
    await post('/admin/regions', {
      name: code.toUpperCase(),
      currency_code: code,
      countries: [countries[code]],
      payment_providers: ['pp_system_default'],
      automatic_taxes: false,
    });
  }
}

async function createLocation(post, channel) {
  const address = { address_1: '1 Quay', city: 'Portland', country_code: 'us' };
  const { stock_location: location } = await post('/admin/stock-locations', { name: 'Warehouse', address });
  await post(`/admin/stock-locations/${location.id}/sales-channels`, { add: [channel] });
  await post(`/admin/stock-locations/${location.id}/fulfillment-providers`, { add: ['manual_manual'] });
  return location.id;
}

async function createShipping(post, location) {
  const path = `/admin/stock-locations/${location}/fulfillment-sets?fields=*fulfillment_sets`;
  const { stock_location: made } = await post(path, { name: 'Shipping', type: 'shipping' });
  const zones = Object.values(countries).map((code) => ({ type: 'country', country_code: code }));
  const setPath = `/admin/fulfillment-sets/${made.fulfillment_sets[0].id}/service-zones`;
  const { fulfillment_set: set } = await post(setPath, { name: 'Everywhere', geo_zones: zones });
  const { shipping_profile: profile } = await post('/admin/shipping-profiles', { name: 'All', type: 'default' });
  await post('/admin/shipping-options', {
    name: 'Standard Shipping',
    service_zone_id: set.service_zones[0].id,
    shipping_profile_id: profile.id,
    provider_id: 'manual_manual',
    price_type: 'flat',
    type: { label: 'Standard', description: 'Standard', code: 'standard' },
    prices: currencies.map((code) => ({ currency_code: code, amount: 5 })),
    rules: [
      { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
      { attribute: 'is_return', value: 'false', operator: 'eq' },
    ],
  });
  return profile.id;
}

async function createProducts(post, all, { channel, profile }) {
  const bodies = all.map((product) => toBody(product, { channel, profile }));
  for (let start = 0; start < bodies.length; start += perCall) {
    await post('/admin/products/batch', { create: bodies.slice(start, start + perCall) });
  }
}

/** Each product has an option; that of a product with one variant is named as Medusa's own dashboard names it. */
function toBody({ title, option = 'Default option', variants }, { channel, profile }) {
  const valueOf = (variant) => variant.title ?? 'Default option value';
  return {
    title,
    status: 'published',
    options: [{ title: option, values: variants.map(valueOf) }],
    shipping_profile_id: profile,
    sales_channels: [{ id: channel }],
    variants: variants.map((variant) => ({
      title: variant.title ?? 'Default variant',
      sku: variant.sku,
      manage_inventory: variant.isUntracked !== true,
      options: { [option]: valueOf(variant) },
      prices: Object.entries(variant.prices).map(([code, amount]) => ({ currency_code: code, amount })),
    })),
  };
}

async function stock({ post, get }, location) {
  const { inventory_items: items } = await get('/admin/inventory-items?limit=5000&fields=id');
  const create = items.map(({ id }) => ({
    inventory_item_id: id,
    location_id: location,
    stocked_quantity: stocked,
  }));
  await post('/admin/inventory-items/location-levels/batch', { create });
}

module.exports = { seed };
