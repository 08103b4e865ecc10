import { z } from 'zod';
import type { Address } from '../../domain/orders/order.ts';
import { paperLanguages } from '../../domain/paper/language.ts';
import type { Brand } from '../../domain/paper/slip.ts';
import { address, addressOut, longText, text, timeOut } from './common.ts';

const language = z.enum(paperLanguages).describe('Of the words that are ours; yours stay as you write them.');

export const newBrand = z
  .strictObject({
    displayName: text(200).describe('The name at the top of the slip.'),
    message: longText(500).optional().describe('Your words to the customer.'),
    returnAddress: address.optional().describe('Where the customer sends goods back to.'),
    showPrices: z
      .boolean()
      .default(false)
      .describe('Prices on the slip. A supplier prints them only if you share `prices` with it.'),
    showSupplier: z.boolean().default(false).describe('The name of the supplier that packs, on the slip.'),
    language: language.default('en'),
  })
  .meta({ id: 'NewBrand' });

export const toBrand = ({ message, returnAddress, ...brandSet }: z.output<typeof newBrand>): Brand => ({
  ...brandSet,
  message: message ?? null,
  returnAddress: (returnAddress as Address | undefined) ?? null,
});

export const brand = z
  .object({
    displayName: z.string(),
    message: z.string().nullable(),
    returnAddress: addressOut.nullable(),
    logo: z.object({ documentId: z.string() }).nullable().describe('Its bytes: `GET /v1/documents/{id}`.'),
    showPrices: z.boolean(),
    showSupplier: z.boolean(),
    language,
    updatedAt: timeOut.nullable().describe('Null until you set a brand: then slips have the name of the account.'),
  })
  .meta({ id: 'Brand' });
