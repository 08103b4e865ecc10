import { listLevels } from '../../db/stock/level-rows.ts';
import type { PageRequest } from '../../db/engine/paging.ts';
import type { App } from '../deps.ts';
import { sendList } from '../files/csv-lists.ts';
import { stockLevels } from '../files/lists.ts';
import { changeAll, changeOne } from '../commands/change-stock.ts';
import { levelFile } from '../files/stock-file.ts';
import { receiveStockFile, sendReport } from '../files/stock-upload.ts';
import { forAccount } from '../plugins/auth.ts';
import { jsonOrFile, takeFiles, UploadedFile } from '../plugins/uploads.ts';
import { readItems } from '../request/batch-items.ts';
import { readOne } from '../request/reading.ts';
import { answers, listAnswers } from '../schemas/common.ts';
import {
  batchAnswer,
  inChunks,
  levelBatch,
  levelColumns,
  newLevel,
  stockLevel,
  stockQuery,
  toLevel,
} from '../schemas/stock.ts';

const tags = ['stock'];
const writes = { access: forAccount('write') };

export async function stockRoutes(app: App): Promise<void> {
  app.get(
    '/stock',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listStock',
        summary: 'Lists the stock by product and warehouse, in the order of the SKUs',
        querystring: stockQuery,
        response: listAnswers(
          stockLevel,
          'A page of levels.',
          'Its first columns are those of a file of levels: correct the counts and send it.',
        ),
      },
    },
    (request, reply) => {
      const pageAt = (page: PageRequest) => readOne(request, (db) => listLevels(db, request.query, page));
      return sendList(request, reply, { ...stockLevels, pageAt, toJson: toLevel });
    },
  );
  settingRoute(app);
  await app.register(async (scope) => {
    takeFiles(scope);
    batchRoute(scope);
  });
}

function settingRoute(app: App): void {
  app.put(
    '/stock',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'setStock',
        summary: 'Sets one level to the units that were counted',
        body: newLevel,
        response: answers({ 200: stockLevel }, 'The level as it is now.'),
        errors: ['unknown_sku', 'warehouse_not_found', 'stock_of_supplier', 'below_zero'],
      },
    },
    (request) => changeOne(request, request.body),
  );
}

function batchRoute(app: App): void {
  app.post(
    '/stock/batch',
    {
      config: { ...writes, csv: levelColumns },
      validatorCompiler: jsonOrFile,
      schema: {
        tags,
        operationId: 'setStockBatch',
        summary: 'Sets up to 1,000 levels, or the levels of a CSV file',
        description: inChunks,
        body: levelBatch,
        response: batchAnswer,
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      if (!(body instanceof UploadedFile)) return changeAll(request, await readItems(newLevel, request.body.items));
      return sendReport(reply, await receiveStockFile(request, body, levelFile));
    },
  );
}
