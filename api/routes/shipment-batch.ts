import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { DomainError } from '../../domain/errors.ts';
import { eachAcceptable, readItems } from '../request/batch-items.ts';
import { resultsOf } from '../request/batch-results.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { csvFile, jsonOrFile, takeCsv, type CsvFile } from '../plugins/body-parsers.ts';
import { fingerprintOf, inParts } from '../plugins/idempotency.ts';
import { isFinal, recordEach, type RecordOutcome } from '../commands/record-each.ts';
import type { batchResults } from '../schemas/common.ts';
import { batchAnswer, fileColumns, shipmentBatch, shipmentItem, type ShipmentItem } from '../schemas/shipment-batch.ts';
import { readShipmentFile, shipmentFileAnswer } from '../files/shipment-file.ts';

export async function shipmentBatchRoutes(app: App): Promise<void> {
  await app.register(async (scope) => {
    takeCsv(scope);
    batchRoute(scope);
  });
}

function batchRoute(app: App): void {
  app.post(
    '/shipments/batch',
    {
      config: { access: forAccount('write'), csv: fileColumns },
      validatorCompiler: jsonOrFile,
      schema: {
        tags: ['shipments'],
        operationId: 'createShipments',
        summary: 'Records up to 500 shipments, or those of a CSV file',
        description:
          'Each shipment is recorded by itself; a refused one fails alone. A repeat with the same Idempotency-Key gets the ' +
          'same answer, and tries again those without an answer (`no_answer`, `temporal_unavailable`). Without a key ' +
          'a shipment that was recorded before is refused as `tracking_already_recorded`.',
        body: shipmentBatch,
        response: batchAnswer,
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      if (!(body instanceof Readable)) return recordItems(request, readItems(shipmentItem, request.body.items));
      const answer = await recordFile(request, csvFile(body, request));
      return reply.type('text/csv; charset=utf-8').send(answer);
    },
  );
}

const recordItems = (request: FastifyRequest, items: readonly (ShipmentItem | DomainError)[]) =>
  inAll<z.output<typeof batchResults>>(request, { items, content: request.body }, (outcomes) =>
    resultsOf(outcomes, request),
  );

async function recordFile(request: FastifyRequest, csv: CsvFile): Promise<string> {
  const file = await readShipmentFile(csv);
  const items = file.shipments.flatMap((shipment) => ('item' in shipment ? shipment.item : []));
  const content = file.rows.map(({ cells }) => cells);
  return inAll(request, { items, content }, (outcomes) => shipmentFileAnswer(file, outcomes));
}

/** The whole batch identifies each of its parts: another batch under the same key is refused at once. */
const inAll = <T>(
  request: FastifyRequest,
  { items, content }: { items: readonly (ShipmentItem | DomainError)[]; content: unknown },
  answerOf: (outcomes: readonly RecordOutcome[]) => T,
): Promise<T> =>
  inParts(request, content, async () => {
    const outcomes = await eachAcceptable(items, (acceptable) =>
      recordEach(request, acceptable, fingerprintOf(request, content)),
    );
    return { result: answerOf(outcomes), isFinal: outcomes.every(isFinal) };
  });
