import { z } from 'zod';
import type { StockLevel } from '../../db/stock/level-rows.ts';
import type { StockWish } from '../../db/stock/levels.ts';
import { longestSku } from '../../domain/product.ts';
import { availableOnHand, maximumOnHand, stockReasons } from '../../domain/stock.ts';
import { sharingStates, stockViews } from '../../domain/stock-sharing.ts';
import { batchAnswers, idOf, onlyTrue, pageQuery, text } from './common.ts';

export const stockQuery = pageQuery.extend({
  sku: text(longestSku).optional(),
  warehouseId: idOf('wh').optional(),
  q: text(longestSku).optional().describe('Part of the SKU or of the name.'),
  view: z
    .enum(stockViews)
    .optional()
    .describe(
      'Only products with a listing whose stock was not sent yet (`needs_sync`) or is not written any more ' +
        '(`suspended`), or levels below 0 (`oversold`).',
    ),
  own: onlyTrue.describe('Only your own warehouses.'),
  // The cursor contains a SKU.
  cursor: z.string().min(1).max(2_000).optional(),
});

const eachAlone = 'Each has its own outcome.';

const place = {
  sku: text(longestSku).describe('Of your product. Case and blanks count.'),
  warehouseId: idOf('wh').optional().describe('One of your own warehouses. Left out: the oldest of them.'),
};
const reason = z.enum(stockReasons).describe('Why it changed. Stored with who changed it, from what to what.');

export const newLevel = z
  .strictObject({
    ...place,
    physicalOnHand: z.int().min(0).max(maximumOnHand).describe('Units on the shelf, as counted.'),
    reason: reason.optional(),
  })
  .meta({ id: 'NewLevel' });
export const newAdjustment = z
  .strictObject({
    ...place,
    adjustBy: z.int().min(-maximumOnHand).max(maximumOnHand).describe('Units that came; below 0, units that went.'),
    reason,
  })
  .meta({ id: 'NewAdjustment' });
export type NewLevel = z.output<typeof newLevel>;
export type NewAdjustment = z.output<typeof newAdjustment>;
export const levelBatch = z
  .strictObject({ items: z.array(newLevel).min(1).max(1_000).describe(eachAlone) })
  .meta({ id: 'LevelBatch' });
export const adjustmentBatch = z
  .strictObject({ items: z.array(newAdjustment).min(1).max(1_000).describe(eachAlone) })
  .meta({ id: 'AdjustmentBatch' });

export function toWish(change: NewLevel | NewAdjustment): StockWish {
  const { sku, warehouseId, reason } = change;
  const level = 'adjustBy' in change ? { adjustBy: change.adjustBy } : { physicalOnHand: change.physicalOnHand };
  return { sku, warehouseId, reason, level };
}

export const stockLevel = z
  .object({
    sku: z.string(),
    productId: z.string(),
    productName: z.string(),
    warehouseId: z.string(),
    warehouseName: z.string(),
    physicalOnHand: z
      .int()
      .describe("Units on the shelf; in a supplier's warehouse, the units that the supplier reported."),
    committed: z
      .int()
      .describe(
        "Units of open orders; in a supplier's warehouse, your units that the reported number does not contain yet.",
      ),
    availableOnHand: z.int().describe('The difference. Below 0: oversold.'),
    appliedVersion: z.int().optional().describe("The supplier's version that was reported."),
    version: z.int().describe("Of the product's stock; grows with each change."),
    sharing: z
      .object({
        state: z
          .enum(sharingStates)
          .describe(
            'Over the channels that list the product: `suspended` where one is not written any more, else ' +
              '`needs_sync` where one has an old figure, else `up_to_date`; `not_listed` where none lists it.',
          ),
        cause: z.string().nullable().describe('Why the last write to such a channel failed: a code.'),
        channels: z.int().describe('How many channels list the product.'),
      })
      .describe('What the channels know of it.'),
  })
  .meta({ id: 'StockLevel' });

export const toLevel = ({ appliedVersion, ...row }: StockLevel): z.output<typeof stockLevel> => ({
  ...row,
  availableOnHand: availableOnHand(row),
  ...(appliedVersion !== null && { appliedVersion }),
});

export const inChunks =
  'A refused level fails alone. All others of a JSON body are written at once, those of a file in chunks of 1,000 rows ' +
  'while it is read.';
const fileRules =
  'in any order, and `warehouse` (the id, or the name of an own warehouse) if wanted. Usual other names and delimiters are ' +
  'known; other columns are not read. UTF-8, or the charset of the Content-Type. At most 20 MiB and 100,000 rows. ' +
  'See [files](/docs/files).';
export const levelColumns = `The first row names the columns: \`sku,physical_on_hand\`, ${fileRules}`;
export const adjustmentColumns =
  `The first row names the columns: \`sku,adjust_by,reason\`, ${fileRules} After a lost answer send the same file with ` +
  'the same key. Send rows that failed in a file of their own with a new key.';

const fileAnswer = z
  .string()
  .describe(
    'For a file: `row,sku,status,code,detail`, a line for each row, in their order; `row` is its number in a spreadsheet. ' +
      '`status` is `ok` or `failed`. A first line `ignored` names the columns that are not read. A last line `stopped` names the first row that was not written, and why.',
  );

export const batchAnswer = batchAnswers('The outcome of each item.', fileAnswer);
