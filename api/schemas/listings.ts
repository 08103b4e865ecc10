import { z } from 'zod';
import { idOf, onlyTrue, pageQuery } from './common.ts';

export const listingQuery = pageQuery.extend({
  channelId: idOf('chan').optional(),
  needsSync: onlyTrue.describe('Those whose stock the channel has not been told yet; by channel and id.'),
  suspended: onlyTrue.describe('Those left alone after three permanent failures; by channel and id.'),
});

export const listingChange = z
  .strictObject({
    productId: idOf('prod').describe(
      'Your product that it stands for, whatever the SKU says. Listings of the channel with the same SKU go along, as orders name SKUs.',
    ),
  })
  .meta({ id: 'ListingChange' });

export const listing = z
  .object({
    id: z.string(),
    channelId: z.string(),
    productId: z.string().nullable().describe('Null while the channel has no SKU for it.'),
    sku: z.string().nullable().describe('Of your product.'),
    linkedBy: z.enum(['sku', 'hand']).describe('What is linked by hand stays so, whatever the channel calls it.'),
    remoteId: z.string(),
    remoteSku: z.string().describe('What the channel calls it; may be empty.'),
    needsSync: z.boolean(),
    suspended: z.boolean(),
    cause: z.string().nullable().describe('Why the last write failed, or why it is not linked: a code.'),
    stockVersion: z.int().describe('Of the product, once its stock was counted.'),
    syncedVersion: z.int().describe('What the channel was told last.'),
  })
  .meta({ id: 'Listing' });
