import { z } from 'zod';
import { connectionStatuses, sharedFields } from '../../domain/connection.ts';
import { text, timeOut } from './common.ts';

const shippingMethods = z
  .record(text(100), text(100))
  .refine((methods) => Object.keys(methods).length <= 100, 'must have at most 100 entries')
  .describe("Maps the merchant's shipping methods to those of the supplier.");

export const supplier = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    accountId: z.string().describe("The supplier's account."),
    status: z.enum(connectionStatuses).describe('Of the connection.'),
    name: z.string(),
    warehouse: z.object({ id: z.string(), name: z.string() }),
    sharedFields: z.array(z.enum(sharedFields)),
    shippingMethods: z.record(z.string(), z.string()),
    defaultShippingMethod: z.string().nullable(),
    createdAt: timeOut,
  })
  .meta({ id: 'Supplier' });

export const supplierChange = z
  .strictObject({
    name: text(200).optional().describe('Your name for the supplier.'),
    sharedFields: z
      .array(z.enum(sharedFields))
      .max(sharedFields.length)
      .optional()
      .describe('All fields of your orders that this supplier sees besides those that always cross.'),
    shippingMethods: shippingMethods.optional(),
    defaultShippingMethod: text(100)
      .nullable()
      .optional()
      .describe("The supplier's name for all other methods; null for none."),
  })
  .meta({ id: 'SupplierChange' });
