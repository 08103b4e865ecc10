import { z } from 'zod';
import { idOf, onlyTrue, pageQuery } from './common.ts';

export const listingQuery = pageQuery.extend({
  channelId: idOf('chan').optional(),
  productId: idOf('prod').optional().describe('Only listings of this product.'),
  needsSync: onlyTrue.describe('Only listings whose stock was not sent to the channel yet; by channel and id.'),
  skuChanged: onlyTrue.describe(
    'Only listings whose SKU changed at the channel and waits for a decision; by channel and id.',
  ),
  suspended: onlyTrue.describe(
    'Only listings that are not written any more after three permanent failures; by channel and id.',
  ),
});

export const listingChange = z
  .strictObject({
    productId: idOf('prod').describe(
      'The product to link, whatever its SKU. Other listings of the channel with the same SKU get it too, as orders may name SKUs alone.',
    ),
  })
  .meta({ id: 'ListingChange' });

export const listing = z
  .object({
    id: z.string(),
    channelId: z.string(),
    productId: z
      .string()
      .nullable()
      .describe(
        'Null while the channel has no SKU for it, or has the old SKU of another listing. A link stays, whatever the SKU becomes.',
      ),
    sku: z.string().nullable().describe('The SKU of your product.'),
    linkedBy: z.enum(['sku', 'hand']).describe('By an import, which found the SKU, or by a person.'),
    remoteId: z.string(),
    remoteSku: z.string().describe('The SKU at the channel; may be empty.'),
    skuChanged: z
      .object({ from: z.string(), to: z.string().describe('Empty where the channel has none any more.') })
      .nullable()
      .describe(
        'The SKU changed at the channel after the listing was linked: an attention `sku_changed` waits. `from` is empty for a new listing with the old SKU of another, which has no product yet. Else null.',
      ),
    needsSync: z.boolean(),
    suspended: z.boolean(),
    cause: z.string().nullable().describe('Why the last write failed, or why it is not linked: a code.'),
    stockVersion: z.int().describe('The stock version of the product, once its stock was counted.'),
    syncedVersion: z.int().describe('The stock version that was written to the channel last.'),
  })
  .meta({ id: 'Listing' });
