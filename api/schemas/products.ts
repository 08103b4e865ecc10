import { z } from 'zod';
import type { ProductRecord } from '../../db/catalogue/products.ts';
import { longestSku, type ProductSupplier, type ShippingDataChange } from '../../domain/product.ts';
import { fulfillmentTypes } from '../../domain/orders/routing.ts';
import { country, idOf, money, onlyTrue, pageQuery, text, timeOut } from './common.ts';

const productSupplier = z.strictObject({
  supplierId: idOf('sup').describe('Your supplier of the product.'),
  supplierSku: text(longestSku).optional().describe("The supplier's SKU, where it differs."),
  cost: money.optional().describe('Of one unit, without taxes. The supplier sees it only where you share costs.'),
  name: text(200).optional().describe('Not read: a product that was shown can be sent back.'),
  isDefault: z
    .boolean()
    .optional()
    .describe('Gets the orders that are dropshipped automatically. A single supplier always is.'),
});
const suppliers = z.array(productSupplier).max(20);
const sku = text(longestSku).describe('Unique in your account. Case and blanks count.');
const name = text(500).describe('For people.');
const fulfillmentType = z
  .enum(fulfillmentTypes)
  .describe('Who ships it: you, a supplier when you say so, or the default supplier at once.');

const hsCode = z
  .string()
  .max(20)
  .regex(/^[0-9]{4}([ .]?[0-9]{2}){1,4}$/, 'must be 6 to 12 digits, such as 6912.00')
  .transform((code) => code.replaceAll(/[ .]/g, ''));

/** `null`: none; it takes a field out again. */
const shippingData = {
  weightGrams: z.int().min(1).max(1_000_000).nullable().optional().describe('Of one unit, packed, in grams.'),
  hsCode: hsCode
    .nullable()
    .optional()
    .describe('Its number in the Harmonized System, 6 to 12 digits. Dots and blanks are taken out.'),
  originCountry: country.nullable().optional().describe('Where it was made. ISO 3166-1 alpha-2.'),
  customsValue: money
    .nullable()
    .optional()
    .describe('Of one unit, for customs. Left out: the price in the order, where there is one.'),
  bin: text(50).nullable().optional().describe('Where it lies, for pick lists.'),
};

export const newProduct = z
  .strictObject({
    sku,
    name,
    fulfillmentType: fulfillmentType.default('in_house'),
    suppliers: suppliers.default([]).describe('The suppliers that may ship it.'),
    ...shippingData,
  })
  .meta({ id: 'NewProduct' });
export const productChange = z
  .strictObject({
    sku: sku.optional(),
    name: name.optional(),
    fulfillmentType: fulfillmentType.optional(),
    suppliers: suppliers.optional().describe('All suppliers of the product. They replace the old suppliers.'),
    ...shippingData,
  })
  .meta({ id: 'ProductChange' });
/** An item of a batch, by SKU. On a product that exists, a field that is left out stays as it is. */
export const batchItem = productChange.extend({ sku, name });
export const productBatch = z
  .strictObject({ items: z.array(batchItem).min(1).max(1_000).describe('Each has its own outcome.') })
  .meta({ id: 'ProductBatch' });
export type BatchItem = z.output<typeof batchItem>;

export const productQuery = pageQuery.extend({
  sku: sku.optional(),
  q: text(longestSku).optional().describe('Part of the SKU or the name.'),
  supplierId: idOf('sup').optional().describe('Only products that this supplier may ship.'),
  unassigned: onlyTrue.describe('Only products that no supplier may ship.'),
  fulfillmentType: z.enum(fulfillmentTypes).optional(),
});

/** Fields that are not entered are null, so that a product that was shown can be sent back. */
const shippingDataOut = {
  weightGrams: z.int().nullable().describe('Of one unit, packed, in grams.'),
  hsCode: z.string().nullable(),
  originCountry: z.string().nullable(),
  customsValue: money.nullable().describe('Of one unit.'),
  bin: z.string().nullable(),
};

export const product = z
  .object({
    id: z.string(),
    sku: z.string(),
    name: z.string(),
    fulfillmentType: z.enum(fulfillmentTypes),
    suppliers: z.array(
      z.object({
        supplierId: z.string(),
        name: z.string().describe('Your name for the supplier.'),
        supplierSku: z.string().optional(),
        cost: money.optional(),
        isDefault: z.boolean(),
      }),
    ),
    ...shippingDataOut,
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: 'Product' });

export const suppliersIn = (given: z.output<typeof suppliers>): ProductSupplier[] =>
  given.map(({ supplierId, supplierSku, cost, isDefault }) => ({
    supplierId,
    supplierSku: supplierSku ?? null,
    costMinor: cost?.amount ?? null,
    costCurrency: cost?.currency ?? null,
    isDefault: isDefault ?? false,
  }));

type WithShipping = { [Field in keyof ShippingDataChange]?: ShippingDataChange[Field] };
/** Divides a body: on the wire what labels need are fields of the product. */
export const shippingIn = <B extends WithShipping>({
  weightGrams: grams,
  hsCode: code,
  originCountry: origin,
  customsValue: value,
  bin,
  ...rest
}: B) => ({
  ...rest,
  shipping: { weightGrams: grams, hsCode: code, originCountry: origin, customsValue: value, bin },
});

/** Empty columns of suppliers are absent on the wire. */
export const productOut = ({ suppliers: rows, shipping, ...rest }: ProductRecord): z.output<typeof product> => ({
  ...rest,
  ...shipping,
  suppliers: rows.map(({ supplierId, name: supplierName, supplierSku, costMinor, costCurrency, isDefault }) => ({
    supplierId,
    name: supplierName,
    ...(supplierSku !== null && { supplierSku }),
    ...(costMinor !== null && costCurrency !== null && { cost: { amount: costMinor, currency: costCurrency } }),
    isDefault,
  })),
});
