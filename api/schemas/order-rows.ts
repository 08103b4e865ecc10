import { z } from 'zod';
import type { OrderRow } from '../../db/orders/rows.ts';
import { dropshipStatuses } from '../../domain/dropships/dropship.ts';
import { errorCodes } from '../../domain/errors.ts';
import { orderBadges } from '../../domain/orders/badge.ts';
import { orderSides, shippers } from '../../domain/orders/list.ts';
import { orderStatuses } from '../../domain/orders/order.ts';
import { timeOut } from './common.ts';
import { counterpart } from './orders.ts';

export const orderRow = z
  .object({
    id: z.string(),
    number: z.string(),
    side: z.enum(orderSides),
    channelId: z.string(),
    channelName: z.string(),
    counterpart,
    shipsFrom: z.enum(shippers).nullable().describe('Null where no unit is to ship or has shipped.'),
    dropshipStatus: z.enum(dropshipStatuses).nullable().describe('Of the last dropship, also after its end.'),
    shipTo: z.object({
      name: z.string().nullable(),
      city: z.string().nullable(),
      province: z.string().nullable(),
      country: z.string().nullable(),
    }),
    firstLine: z.object({ sku: z.string(), name: z.string(), quantity: z.int() }),
    lines: z.int(),
    units: z.int(),
    openUnits: z
      .int()
      .describe('Units that have neither shipped nor been cancelled. Of a parent: those of its leaves.'),
    shippingMethod: z.string().nullable(),
    placedAt: timeOut,
    createdAt: timeOut,
    shipBy: timeOut.nullable().describe('The promised date.'),
    expectedShipAt: timeOut.nullable(),
    acceptedAt: timeOut.nullable(),
    printedAt: timeOut.nullable().describe('When its packing slip was last printed.'),
    cancelRequestedAt: timeOut.nullable().describe('Set while open units are asked to be cancelled.'),
    status: z.enum(orderStatuses),
    overallStatus: z.enum(orderStatuses).describe('Of a parent: from its leaves.'),
    badge: z.enum(orderBadges).describe('The one word for the order: what a person must look at comes first.'),
    attentionCode: z.enum(errorCodes).nullable().describe('The cause of the oldest decision that it waits for.'),
    hasPendingEdit: z.boolean(),
    hasNote: z.boolean().describe('Whether the buyer wrote a note.'),
    parentId: z.string().nullable(),
    childIds: z.array(z.string()),
  })
  .meta({ id: 'OrderRow' });
type OrderRowAnswer = z.input<typeof orderRow>;

/** Builds the answer in the order of its schema (api/plugins/as-built.ts). */
export function toOrderRow(row: OrderRow): OrderRowAnswer {
  return {
    id: row.id,
    number: row.number,
    side: row.side,
    channelId: row.channelId,
    channelName: row.channelName,
    counterpart: row.counterpart,
    shipsFrom: row.shipsFrom,
    dropshipStatus: row.dropshipStatus,
    shipTo: row.shipTo,
    firstLine: row.firstLine,
    lines: row.lines,
    units: row.units,
    openUnits: row.openUnits,
    shippingMethod: row.shippingMethod,
    placedAt: row.placedAt,
    createdAt: row.createdAt,
    shipBy: row.expectedShipAt,
    expectedShipAt: row.expectedShipAt,
    acceptedAt: row.acceptedAt,
    printedAt: row.printedAt,
    cancelRequestedAt: row.cancelRequestedAt,
    status: row.status,
    overallStatus: row.overallStatus,
    badge: row.badge,
    attentionCode: row.attentionCode,
    hasPendingEdit: row.hasPendingEdit,
    hasNote: row.hasNote,
    parentId: row.parentId,
    childIds: row.childIds,
  };
}
