import { z } from 'zod';
import { fewestOrderDays, mostOrderDays } from '../../domain/retention.ts';

const days = z.int().min(fewestOrderDays).max(mostOrderDays);

export const retention = z
  .object({
    orderDays: days
      .nullable()
      .describe('Days since an order of your shops was placed. Null: as the installation has it.'),
  })
  .meta({ id: 'Retention' });

export const retentionChange = z
  .strictObject({
    orderDays: days
      .optional()
      .describe('Days since an order of your shops was placed. Left out: as the installation has it.'),
  })
  .meta({ id: 'RetentionChange' });
