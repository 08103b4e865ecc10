import { z } from 'zod';
import { connectionStatuses, sharedFields } from '../../domain/connection.ts';
import type { SupplierRecord } from '../../db/accounts/suppliers.ts';
import { labelPolicies } from '../../domain/labels/account.ts';
import { idOf, money, text, timeOut } from './common.ts';

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
    labelPolicy: z.enum(labelPolicies).describe('Who pays the labels of your orders.'),
    lentLabelAccountId: z.string().nullable(),
    lentServices: z.array(z.string()),
    maxLabelCost: money.nullable(),
    createdAt: timeOut,
  })
  .meta({ id: 'Supplier' });

/** On the wire the terms of labels are fields of the supplier. */
export const toSupplier = ({ labels, ...row }: SupplierRecord): z.input<typeof supplier> => ({
  ...row,
  labelPolicy: labels.policy,
  lentLabelAccountId: labels.lentLabelAccountId,
  lentServices: [...labels.services],
  maxLabelCost: labels.maxCost,
});

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
    labelPolicy: z
      .enum(labelPolicies)
      .optional()
      .describe(
        'Who pays the labels of your orders: `supplier_pays`; `merchant_pays`, with the label account that you lend; ' +
          '`supplier_choice`, either. The supplier sees carriers and services of a lent account, no key and no price.',
      ),
    lentLabelAccountId: idOf('lacc').nullable().optional().describe('Your label account that you lend; null for none.'),
    lentServices: z
      .array(text(100))
      .max(100)
      .optional()
      .describe('What may be bought with it: `ups`, or `ups/Ground` as the provider spells it. None: all.'),
    maxLabelCost: money.nullable().optional().describe('The highest price of one label; null for none.'),
  })
  .meta({ id: 'SupplierChange' });

export const changeOf = (body: z.output<typeof supplierChange>) => {
  const { labelPolicy: policy, lentLabelAccountId, lentServices: services, maxLabelCost: maxCost, ...rest } = body;
  const labels = { policy, lentLabelAccountId, services, maxCost };
  return { ...rest, ...(Object.values(labels).some((field) => field !== undefined) && { labels }) };
};
