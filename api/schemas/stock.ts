import { z } from 'zod';
import type { StockLevel, StockWish } from '../../db/stock/levels.ts';
import { availableOnHand, maximumOnHand, stockReasons } from '../../domain/stock.ts';
import { batchAnswers, idOf, pageQuery, text } from './common.ts';

export const stockQuery = pageQuery.extend({
  sku: text(100).optional(),
  warehouseId: idOf('wh').optional(),
  // Holds a SKU.
  cursor: z.string().min(1).max(1_000).optional(),
});

type Wish = {
  physicalOnHand?: number | undefined;
  adjustBy?: number | undefined;
  reason?: string | undefined;
};

/** A level is counted or adjusted, never both; who adjusts says why. */
function checkWish({ physicalOnHand, adjustBy, reason }: Wish, context: z.RefinementCtx): void {
  const fault = (field: keyof Wish, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (physicalOnHand === undefined && adjustBy === undefined) fault('physicalOnHand', 'is missing, and so is adjustBy');
  if (physicalOnHand !== undefined && adjustBy !== undefined) fault('adjustBy', 'does not go with physicalOnHand');
  if (adjustBy !== undefined && reason === undefined) fault('reason', 'is missing');
}

export const newLevel = z
  .strictObject({
    sku: text(100),
    warehouseId: idOf('wh').optional().describe('One of your own; left out, the oldest of them.'),
    physicalOnHand: z.int().min(0).max(maximumOnHand).optional().describe('Units on the shelf, as counted.'),
    adjustBy: z
      .int()
      .min(-maximumOnHand)
      .max(maximumOnHand)
      .optional()
      .describe('Units that came, or below 0 went, instead of `physicalOnHand`; with a `reason`.'),
    reason: z.enum(stockReasons).optional(),
  })
  .superRefine(checkWish)
  .meta({ id: 'NewLevel' });
export type NewLevel = z.output<typeof newLevel>;
export const levelBatch = z.strictObject({ items: z.array(newLevel).min(1).max(1_000) }).meta({ id: 'LevelBatch' });
export type LevelBatch = z.output<typeof levelBatch>;

export const toWish = ({ adjustBy, physicalOnHand, ...item }: NewLevel): StockWish => ({
  ...item,
  level: adjustBy === undefined ? { physicalOnHand: physicalOnHand! } : { adjustBy },
});

export const stockLevel = z
  .object({
    sku: z.string(),
    productId: z.string(),
    warehouseId: z.string(),
    warehouseName: z.string(),
    physicalOnHand: z.int().describe("Units on the shelf; in a supplier's warehouse, as the supplier reported."),
    committed: z
      .int()
      .describe(
        "Units of open orders; in a supplier's warehouse, yours that the reported number does not contain yet.",
      ),
    availableOnHand: z.int().describe('The difference. Below 0: oversold.'),
    appliedVersion: z.int().optional().describe("The supplier's version that was reported."),
    version: z.int().describe("Of the product's stock; grows with each change."),
  })
  .meta({ id: 'StockLevel' });

export const toLevel = ({ appliedVersion, ...row }: StockLevel): z.output<typeof stockLevel> => ({
  ...row,
  availableOnHand: availableOnHand(row),
  ...(appliedVersion !== null && { appliedVersion }),
});

export const fileColumns =
  'The first row names the columns: `sku,physical_on_hand` or `sku,adjust_by,reason`, in any order, and `warehouse` (the ' +
  'id, or the name of an own one) if wanted. UTF-8, at most 20 MiB and 100,000 rows. A file of adjustments needs an ' +
  'Idempotency-Key; after a lost answer send the same file with the same key, and rows that failed in a file of their ' +
  'own with a new one.';

const fileAnswer = z
  .string()
  .describe(
    'To a file: `row,sku,status,code,detail`, a line for each row, in their order; `row` is the line of the file. ' +
      '`status` is `ok` or `failed`. A last line `stopped` names the first row that was not written, and why.',
  );

export const batchAnswer = batchAnswers('What became of each item.', fileAnswer);
