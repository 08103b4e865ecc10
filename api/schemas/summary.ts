import { z } from 'zod';
import { orderSides } from '../../domain/orders/list.ts';

export const summaryQuery = z.strictObject({
  side: z.enum(orderSides).optional().describe('Counts the orders of this side alone; the other side is null.'),
});

const counts = z
  .object({
    toShip: z.int().describe('Orders of which no unit has shipped, and that no supplier has.'),
    partlyShipped: z.int().describe('Orders of which some units have shipped and others are open.'),
    withSuppliers: z.int().describe('Orders with a supplier, of which no unit has shipped.'),
    accepted: z.int().describe('Orders of merchants that you have accepted, with units that are open.'),
    late: z.int().describe('Orders whose promised date is past, with units that are open.'),
    cancelRequested: z.int().describe('Orders with open units that are asked to be cancelled.'),
    attention: z.int().describe('Orders that wait for a decision.'),
  })
  .meta({ id: 'OrderCounts' });

export const summary = z
  .object({
    selling: counts.nullable().describe('Orders of your own channels; null where you sell nothing.'),
    supplying: counts.nullable().describe('Orders of your merchants; null where you supply nobody.'),
    needsSync: z.int().describe('Products with a listing that does not have the newest stock yet.'),
    oversold: z.int().describe('Products of which more units are promised than there are.'),
    suspended: z.int().describe('Products with a listing that gets no stock for now.'),
    attention: z.int().describe('All that waits for a decision, of orders and others.'),
    running: z.int().describe('Tasks that run now.'),
  })
  .meta({ id: 'Summary' });
