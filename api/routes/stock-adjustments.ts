import type { App } from '../deps.ts';
import { changeAll, changeOne } from '../commands/change-stock.ts';
import { adjustmentFile } from '../files/stock-file.ts';
import { receiveStockFile, sendReport } from '../files/stock-upload.ts';
import { forAccount } from '../plugins/auth.ts';
import { jsonOrFile, takeFiles, UploadedFile } from '../plugins/uploads.ts';
import { requireKey } from '../plugins/idempotency.ts';
import { readItems } from '../request/batch-items.ts';
import { answers } from '../schemas/common.ts';
import {
  adjustmentBatch,
  adjustmentColumns,
  batchAnswer,
  inChunks,
  newAdjustment,
  stockLevel,
} from '../schemas/stock.ts';

const tags = ['stock'];
const writes = { access: forAccount('write') };
const keyNeeded = 'Needs an `Idempotency-Key`: without it, a repeated adjustment would count again.';

export async function stockAdjustmentRoutes(app: App): Promise<void> {
  app.post(
    '/stock/adjustments',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'adjustStock',
        summary: 'Adjusts one level by the units that came or went',
        description: keyNeeded,
        body: newAdjustment,
        response: answers({ 200: stockLevel }, 'The level as it is now.'),
        errors: ['unknown_sku', 'warehouse_not_found', 'stock_of_supplier', 'below_zero'],
      },
    },
    async (request) => {
      requireKey(request);
      return changeOne(request, request.body);
    },
  );
  await app.register(async (scope) => {
    takeFiles(scope);
    batchRoute(scope);
  });
}

function batchRoute(app: App): void {
  app.post(
    '/stock/adjustments/batch',
    {
      config: { ...writes, csv: adjustmentColumns },
      validatorCompiler: jsonOrFile,
      schema: {
        tags,
        operationId: 'adjustStockBatch',
        summary: 'Adjusts up to 1,000 levels, or the levels of a CSV file',
        description: `${inChunks} ${keyNeeded}`,
        body: adjustmentBatch,
        response: batchAnswer,
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      if (body instanceof UploadedFile) return sendReport(reply, await receiveStockFile(request, body, adjustmentFile));
      requireKey(request);
      return changeAll(request, await readItems(newAdjustment, request.body.items));
    },
  );
}
