import { z } from 'zod';
import { address, addressOut, text, timeOut } from './common.ts';

export const warehouse = z
  .object({
    id: z.string(),
    name: z.string(),
    supplierId: z.string().nullable().describe('Set on the warehouse that stands for a supplier.'),
    address: addressOut.nullable().describe('From which its parcels go.'),
    createdAt: timeOut,
  })
  .meta({ id: 'Warehouse' });

const name = text(200).describe('Files of stock may name the warehouse by it.');
const shipFrom = 'From which its parcels go. Labels need it.';

export const newWarehouse = z
  .strictObject({ name, address: address.optional().describe(shipFrom) })
  .meta({ id: 'NewWarehouse' });

export const warehouseChange = z
  .strictObject({ name: name.optional(), address: address.nullable().optional().describe(shipFrom) })
  .meta({ id: 'WarehouseChange' });
