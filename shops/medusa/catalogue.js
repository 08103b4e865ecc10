'use strict';

/** The same eight variants as in the Vendure shop. Prices in major units; each is sold in USD. */
const products = [
  {
    title: 'Harbour Mug',
    option: 'Glaze',
    variants: [
      { title: 'Blue', sku: 'MUG-BLUE', prices: { usd: 14.5, jpy: 1450, kwd: 14.5 } },
      { title: 'Sand', sku: 'MUG-SAND', prices: { usd: 14.5 } },
    ],
  },
  {
    title: 'Everyday Tee',
    option: 'Size',
    variants: [
      { title: 'Black M', sku: 'TEE-BLACK-M', prices: { usd: 24 } },
      { title: 'Black L', sku: 'TEE-BLACK-L', prices: { usd: 24 } },
    ],
  },
  { title: 'Lighthouse Poster', variants: [{ sku: 'POSTER-A2', prices: { usd: 18 } }] },
  { title: 'Field Notebook', variants: [{ sku: 'NOTEBOOK-A5', prices: { usd: 9.9 } }] },
  { title: 'Canvas Tote', variants: [{ sku: 'TOTE-NATURAL', prices: { usd: 16 } }] },
  { title: 'Gift Card', variants: [{ sku: 'GIFT-CARD-25', prices: { usd: 25 }, isUntracked: true }] },
];

/** Products that are there for their number only: `BULK-1`, `BULK-2`, … */
const bulkProducts = (count) =>
  Array.from({ length: count }, (_, index) => ({
    title: `Bulk ${index + 1}`,
    variants: [{ sku: `BULK-${index + 1}`, prices: { usd: 10 } }],
  }));

const stocked = 100;
const countries = { usd: 'us', jpy: 'jp', kwd: 'kw' };

module.exports = { bulkProducts, countries, products, stocked };
