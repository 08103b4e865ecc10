import { z } from 'zod';
import { text, timeOut } from './common.ts';

export const warehouse = z
  .object({
    id: z.string(),
    name: z.string(),
    supplierId: z.string().nullable().describe('Set on the warehouse that stands for a supplier.'),
    createdAt: timeOut,
  })
  .meta({ id: 'Warehouse' });

export const newWarehouse = z
  .strictObject({ name: text(200).describe('Files of stock may name the warehouse by it.') })
  .meta({ id: 'NewWarehouse' });
