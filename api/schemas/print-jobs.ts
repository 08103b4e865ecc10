import { z } from 'zod';
import { errorCodes } from '../../domain/errors.ts';
import { orderSides } from '../../domain/orders/list.ts';
import { orderStatuses } from '../../domain/orders/order.ts';
import {
  pagesAtOnce,
  papers,
  pickOrders,
  printables,
  printedAtOnce,
  printJobStatuses,
} from '../../domain/paper/paper.ts';
import { printFailureCodes } from '../../domain/paper/print-job.ts';
import { idOf, text, time, timeOut } from './common.ts';

/** `ordersToPrint` of domain/ refuses above `printedAtOnce` with a code of its own; this only bounds the work. */
const ordersNamed = 5_000;

const isTrue = z.literal(true).optional();

/** Filters of `GET /orders`, as fields of a body. Orders that were split are left out: their leaves are printed. */
const filter = z
  .strictObject({
    status: z
      .array(z.enum(orderStatuses))
      .min(1)
      .max(orderStatuses.length)
      .optional()
      .describe('Orders that have one of these.'),
    q: text(200).optional().describe('As in the list of orders.'),
    side: z
      .enum(orderSides)
      .optional()
      .describe('`supplying`: orders of your merchants. `selling`: orders of your own channels.'),
    channelId: idOf('chan').optional().describe('Orders of this channel.'),
    placedAfter: time.optional().describe('Orders placed after this time.'),
    placedBefore: time.optional().describe('Orders placed before this time.'),
    accepted: isTrue.describe('Orders that you have accepted, with units that are open.'),
    late: isTrue.describe('Orders whose promised date is past, with units that are open.'),
  })
  .describe(`Orders that meet all of it, at most ${printedAtOnce}. Give this or \`orderIds\`.`);

export const newPrintJob = z
  .strictObject({
    orderIds: z.array(idOf('ord')).min(1).max(ordersNamed).optional().describe(`At most ${printedAtOnce}.`),
    filter: filter.optional(),
    documents: z
      .array(z.enum(printables))
      .min(1)
      .max(printables.length)
      .describe(
        'The pick list comes first of all. Then each order has its label and its packing slip, a pair for each parcel. ' +
          'With `label`, the parcels are those that have labels; otherwise a parcel is all that is open.',
      ),
    paper: z.enum(papers).default('4x6').describe('`4x6` is in inches, for label printers.'),
    sort: z.enum(pickOrders).default('number').describe('The order in which the orders lie. `bin`: as one walks.'),
  })
  .refine((body) => (body.orderIds === undefined) !== (body.filter === undefined), {
    path: ['orderIds'],
    error: 'or filter: give one of the two',
  })
  .meta({ id: 'NewPrintJob' });
export type NewPrintJob = z.output<typeof newPrintJob>;

export const printJob = z
  .object({
    id: z.string(),
    status: z.enum(printJobStatuses),
    orderIds: z.array(z.string()),
    documents: z.array(z.enum(printables)),
    paper: z.enum(papers),
    sort: z.enum(pickOrders),
    pages: z.int().nullable().describe(`At most ${pagesAtOnce}.`),
    documentId: z.string().nullable().describe('The PDF: `GET /v1/documents/{id}`. It stays for 7 days.'),
    failures: z
      .array(
        z.object({
          orderId: z.string().nullable().describe('Null: the pick list.'),
          document: z.enum(printables).nullable().describe('Null: nothing of the order is printed.'),
          code: z.enum(printFailureCodes),
        }),
      )
      .describe('What was left out.'),
    cause: z.enum(errorCodes).nullable().describe('Why the whole job failed.'),
    createdAt: timeOut,
    finishedAt: timeOut.nullable(),
  })
  .meta({ id: 'PrintJob' });

export const slipQuery = z.strictObject({
  paper: z.enum(papers).default('4x6').describe('`4x6` is in inches, for label printers.'),
});
