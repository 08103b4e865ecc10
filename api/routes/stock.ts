import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { listLevels, requireLevel } from '../../db/stock/levels.ts';
import { triggerWriteBack } from '../commands/trigger-write-back.ts';
import { resultsOf } from '../request/batch-results.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { jsonOrFile, takeCsv } from '../plugins/body-parsers.ts';
import { command } from '../plugins/idempotency.ts';
import { read } from '../request/reading.ts';
import { answers, pageOf } from '../schemas/common.ts';
import {
  batchAnswer,
  fileColumns,
  levelBatch,
  newLevel,
  stockLevel,
  stockQuery,
  toLevel,
  toWish,
  type LevelBatch,
  type NewLevel,
} from '../schemas/stock.ts';
import { linesOf, receiveStockFile } from '../files/stock-upload.ts';
import { writeStock } from '../commands/write-stock.ts';

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
        summary: 'Stock by product and warehouse, in the order of the SKUs',
        querystring: stockQuery,
        response: answers({ 200: pageOf(stockLevel) }, 'A page of levels.'),
      },
    },
    async (request) => {
      const { data, nextCursor } = await read(request, (db) => listLevels(db, request.query, request.query));
      return { data: data.map(toLevel), nextCursor };
    },
  );
  settingRoute(app);
  await app.register(async (scope) => {
    takeCsv(scope);
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
        summary: 'Sets or adjusts one level',
        description:
          'A PUT takes no Idempotency-Key: an adjustment that is sent again counts again. Where an answer may get lost, ' +
          'adjust by `POST /v1/stock/batch` with a key.',
        body: newLevel,
        response: answers({ 200: stockLevel }, 'The level as it is now.'),
        errors: ['unknown_sku', 'warehouse_not_found', 'stock_of_supplier', 'below_zero'],
      },
    },
    (request) => set(request, request.body),
  );
}

function batchRoute(app: App): void {
  app.post(
    '/stock/batch',
    {
      config: { ...writes, csv: fileColumns },
      validatorCompiler: jsonOrFile,
      schema: {
        tags,
        operationId: 'setStockBatch',
        summary: 'Sets or adjusts up to 1,000 levels, or those of a CSV file',
        description:
          'What is refused fails alone. All the rest of a JSON body is written at once, that of a file in chunks of 1,000 ' +
          'rows, while it is read.',
        body: levelBatch,
        response: batchAnswer,
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      if (!(body instanceof Readable)) return setAll(request, request.body);
      const report = await receiveStockFile(request, body);
      if (report.isReplay && report.outcomes.length > 0) void reply.header('idempotency-replayed', 'true');
      return reply.type('text/csv; charset=utf-8').send(Readable.from(linesOf(report)) as never);
    },
  );
}

async function setAll(request: FastifyRequest, { items }: LevelBatch) {
  const results = await command(request, { status: 200 }, async (db) => {
    const outcomes = await writeStock(db, request, items.map(toWish));
    return resultsOf(
      outcomes.map((outcome) => ('refusal' in outcome ? outcome : { id: outcome.productId })),
      request,
    );
  });
  triggerWriteBack(request);
  return results;
}

async function set(request: FastifyRequest, body: NewLevel) {
  const level = await command(request, { status: 200 }, async (db) => {
    const [outcome] = await writeStock(db, request, [toWish(body)]);
    if ('refusal' in outcome!) throw outcome.refusal;
    return toLevel(await requireLevel(db, outcome!));
  });
  triggerWriteBack(request);
  return level;
}
