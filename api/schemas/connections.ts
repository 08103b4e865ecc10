import { z } from 'zod';
import { connectionStatuses } from '../../domain/connection.ts';
import { idOf, timeOut } from './common.ts';

export const connection = z
  .object({
    id: z.string(),
    merchantAccountId: z.string(),
    merchantName: z.string().describe('The name of the account that sells.'),
    supplierAccountId: z.string(),
    supplierName: z.string().describe('The name of the account that ships.'),
    status: z.enum(connectionStatuses),
    proposedBy: z.string().describe('The account that proposed it, or `operator`.'),
    createdAt: timeOut,
    activatedAt: timeOut.nullable(),
    setUpAt: timeOut.nullable().describe('When both accounts were set up: with supplier entry, warehouse and portal.'),
  })
  .meta({ id: 'Connection' });

export const newConnection = z
  .strictObject({
    merchantAccountId: idOf('acct')
      .optional()
      .describe('The account that sells. Left out by an account that proposes itself as merchant.'),
    supplierAccountId: idOf('acct')
      .optional()
      .describe('The account that ships. Left out by an account that proposes itself as supplier.'),
  })
  .meta({ id: 'NewConnection' });

export const connectionChange = z
  .strictObject({
    status: z
      .enum(['active', 'paused', 'ended'])
      .describe('`active` accepts or resumes. `paused` lets nothing new cross. `ended` is final.'),
  })
  .meta({ id: 'ConnectionChange' });
