import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { DomainError } from '../../domain/errors.ts';
import { eachAcceptable, readItems } from '../request/batch-items.ts';
import { resultsOf } from '../request/batch-results.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { jsonOrFile, takeFiles, UploadedFile } from '../plugins/uploads.ts';
import { fingerprintOf, inParts } from '../plugins/idempotency.ts';
import { isFinal, type Outcome } from '../commands/in-turn.ts';
import { recordEach } from '../commands/record-each.ts';
import type { batchResults } from '../schemas/common.ts';
import {
  batchAnswer,
  batchQuery,
  fileColumns,
  shipmentBatch,
  shipmentItem,
  type ShipmentItem,
} from '../schemas/shipment-batch.ts';
import { readShipmentFile, shipmentFileAnswer } from '../files/shipment-file.ts';

type OnShipped = z.output<typeof batchQuery>['onShipped'];
type Items = readonly (ShipmentItem | DomainError)[];

export async function shipmentBatchRoutes(app: App): Promise<void> {
  await app.register(async (scope) => {
    takeFiles(scope);
    batchRoute(scope);
  });
}

function batchRoute(app: App): void {
  app.post(
    '/shipments/batch',
    {
      config: { access: forAccount('ship'), csv: fileColumns },
      validatorCompiler: jsonOrFile,
      schema: {
        tags: ['shipments'],
        operationId: 'createShipments',
        summary: 'Records up to 500 shipments, or those of a CSV file',
        description:
          'Each shipment is recorded by itself; a refused one fails alone. A repeat with the same Idempotency-Key gets the ' +
          'same answer, and tries again those without an answer (`no_answer`, `temporal_unavailable`). Without a key ' +
          'a shipment that was recorded before is refused as `tracking_already_recorded`.',
        querystring: batchQuery,
        body: shipmentBatch,
        response: batchAnswer,
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      const { onShipped } = request.query;
      if (!(body instanceof UploadedFile)) {
        return recordItems(request, { items: await readItems(shipmentItem, request.body.items), onShipped });
      }
      const answer = await recordFile(request, { csv: body, onShipped });
      return reply.type('text/csv; charset=utf-8').send(answer);
    },
  );
}

const recordItems = (request: FastifyRequest, { items, onShipped }: { items: Items; onShipped: OnShipped }) =>
  inAll<z.output<typeof batchResults>>(request, { items, content: request.body, onShipped }, (outcomes) =>
    resultsOf(outcomes, request),
  );

async function recordFile(
  request: FastifyRequest,
  { csv, onShipped }: { csv: UploadedFile; onShipped: OnShipped },
): Promise<string> {
  const file = await readShipmentFile(csv);
  const items = file.shipments.flatMap((shipment) => ('item' in shipment ? shipment.item : []));
  const content = file.rows.map(({ cells, refusal }) => [cells, refusal?.message]);
  return inAll(request, { items, content, onShipped }, (outcomes) => shipmentFileAnswer(file, outcomes));
}

/** The whole batch identifies each of its parts: another batch under the same key is refused at once. */
const inAll = <T>(
  request: FastifyRequest,
  { items, content, onShipped }: { items: Items; content: unknown; onShipped: OnShipped },
  answerOf: (outcomes: readonly Outcome[]) => T,
): Promise<T> =>
  inParts(request, { content, onShipped }, async () => {
    const outcomes = await eachAcceptable(items, (acceptable) => {
      const meant = acceptable.map((item) => ({ ...item, onShipped: item.onShipped ?? onShipped }));
      return recordEach(request, meant, fingerprintOf(request, { content, onShipped }));
    });
    return { result: answerOf(outcomes), isFinal: outcomes.every(isFinal) };
  });
