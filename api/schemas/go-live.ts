import { z } from 'zod';
import { idOf, pageQuery, time, timeOut } from './common.ts';

export const candidateQuery = pageQuery.extend({
  placedFrom: time.optional().describe('Leaves out orders that were placed before.'),
});

export const candidate = z
  .object({
    orderId: z.string(),
    number: z.string(),
    placedAt: timeOut,
    lines: z.array(z.object({ lineId: z.string(), sku: z.string(), quantity: z.int() })),
  })
  .meta({ id: 'GoLiveCandidate' });

export const goLive = z
  .strictObject({
    orderIds: z.array(idOf('ord')).min(1).max(200).describe('The orders to dropship, from the list of candidates.'),
  })
  .meta({ id: 'GoLive' });
