import { z } from 'zod';
import { documentKinds } from '../../domain/paper/paper.ts';
import { sharedFields } from '../../domain/connection.ts';
import { addressOut, idOf, timeOut } from './common.ts';
import { isOneOfBoth, oneOfBoth, who } from './erasures.ts';
import { order } from './orders.ts';

export const newExport = z
  .strictObject({
    ...who,
    after: idOf('ord').optional().describe('`next` of the answer before, for its next part.'),
  })
  .refine(isOneOfBoth, oneOfBoth)
  .meta({ id: 'NewExport' });

const exported = z.object({
  order,
  shipToInShop: addressOut.nullable().describe('As the shop reported it last.'),
  notes: z.array(z.object({ at: timeOut, text: z.string() })).describe('Written by your people about the order.'),
  documents: z.array(z.object({ id: z.string(), kind: z.enum(documentKinds), createdAt: timeOut })),
  suppliers: z
    .array(z.object({ name: z.string(), sharedFields: z.array(z.enum(sharedFields)) }))
    .describe('Who has got the order: name, company and address, and these fields.'),
});

export const personExport = z
  .object({
    orders: z.array(exported).describe('With the leaves of orders that were split.'),
    next: z.string().nullable().describe('Null: this is all, or the last part.'),
  })
  .meta({ id: 'PersonExport' });
