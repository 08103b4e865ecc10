import { z } from 'zod';
import { idOf } from './common.ts';
import { newCancel } from './cancels.ts';
import { acceptance, rejection } from './supplier-response.ts';

/** The most orders of a request. */
const ordersAtOnce = 200;

const orders = z.array(idOf('ord')).min(1).max(ordersAtOnce);

export const acceptanceBatch = z
  .strictObject({
    orders: orders.describe('The orders to accept. Each has its own outcome.'),
    expectedShipAt: acceptance.shape.expectedShipAt,
  })
  .meta({ id: 'AcceptanceBatch' });

export const rejectionBatch = z
  .strictObject({
    orders: orders.describe('The orders to reject. Each has its own outcome.'),
    reason: rejection.shape.reason,
    note: rejection.shape.note,
  })
  .meta({ id: 'RejectionBatch' });

export const cancelBatch = z
  .strictObject({
    orders: orders.describe('The orders whose open units to cancel. Each has its own outcome.'),
    reason: newCancel.shape.reason,
    note: newCancel.shape.note,
  })
  .meta({ id: 'CancelBatch' });

export const printedOrders = z
  .strictObject({ orders: orders.describe('The orders whose packing slips were printed.') })
  .meta({ id: 'PrintedOrders' });
