import type { FastifyRequest } from 'fastify';
import { listAttentionsOfOrders } from '../../db/attentions.ts';
import { listLabels, requireLabel, type Label } from '../../db/labels/labels.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { buyLabel } from '../commands/buy-label.ts';
import { voidLabel } from '../commands/void-label.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { read, readOne } from '../request/reading.ts';
import { answers, idParams, pageOf } from '../schemas/common.ts';
import { label, labelQuery, newLabel, toLabel, type LabelAnswer } from '../schemas/labels.ts';
import { newVoid } from '../schemas/shipments.ts';
import { rateErrors } from './rates.ts';

const tags = ['labels'];
const ships = { access: forAccount('ship') };
const buyErrors: readonly ErrorCode[] = [...rateErrors, 'quote_not_found', 'rate_expired', 'rate_changed'];
const howItIsBought =
  'It is bought once, whatever is repeated. The answer comes when it is bought, or after eight seconds with 202: then read the ' +
  'label again. Repeated with the same Idempotency-Key, it shows how far the label is. An error says that nothing was bought.';
const bought = answers(
  { 201: label, 202: label },
  { 201: 'The label is bought and can be printed.', 202: 'The label is being bought.' },
);

export function labelRoutes(app: App): void {
  buyingRoutes(app);
  readingRoutes(app);
  app.post(
    '/labels/:id/void',
    {
      config: ships,
      schema: {
        tags,
        operationId: 'voidLabel',
        summary: 'Voids a label with its shipment, and asks for the money back',
        description:
          'Its units are open again at once. The money may take weeks: see `refund`. A label that the carrier has scanned stays.',
        params: idParams,
        body: newVoid,
        response: answers({ 200: label }, 'The label as it is now.'),
        errors: [
          'label_not_found',
          'label_not_bought',
          'label_scanned',
          'order_is_split',
          'order_dropshipped',
          'temporal_unavailable',
        ],
      },
    },
    async (request) => shown(request, await voidLabel(request, { labelId: request.params.id, ...request.body })),
  );
}

function buyingRoutes(app: App): void {
  app.post(
    '/orders/:id/labels',
    {
      config: ships,
      schema: {
        tags,
        operationId: 'createLabel',
        summary: 'Buys a label for a parcel of an order, and records its shipment',
        description: `${howItIsBought} Its tracking goes to the merchant and the shop as that of any shipment.`,
        params: idParams,
        body: newLabel,
        response: bought,
        errors: buyErrors,
      },
    },
    async (request) =>
      shown(request, await buyLabel(request, { orderId: request.params.id, body: request.body, isReturn: false })),
  );
  app.post(
    '/orders/:id/return-labels',
    {
      config: ships,
      schema: {
        tags,
        operationId: 'createReturnLabel',
        summary: 'Buys a label with which the buyer sends units back',
        description: `${howItIsBought} It is no shipment of the order: what comes back is a matter of its return.`,
        params: idParams,
        body: newLabel,
        response: bought,
        errors: buyErrors,
      },
    },
    async (request) =>
      shown(request, await buyLabel(request, { orderId: request.params.id, body: request.body, isReturn: true })),
  );
}

function readingRoutes(app: App): void {
  app.get(
    '/labels',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listLabels',
        summary: 'Lists the labels, the newest first; also those that suppliers bought with your label account',
        querystring: labelQuery,
        response: answers({ 200: pageOf(label) }, 'A page of labels.'),
      },
    },
    (request) =>
      read(request, async (db) => {
        const { limit, cursor, ...filter } = request.query;
        const { data, nextCursor } = await listLabels(db, filter, { limit, cursor });
        return { data: await withAttentions(db, data), nextCursor };
      }),
  );
  app.get(
    '/labels/:id',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'getLabel',
        summary: 'Reads a label: its shipment, its money, and what it waits for',
        params: idParams,
        response: answers({ 200: label }, 'The label.'),
        errors: ['label_not_found'],
      },
    },
    async (request) => shown(request, await readOne(request, (db) => requireLabel(db, request.params.id))),
  );
}

async function shown(request: FastifyRequest, one: Label): Promise<LabelAnswer> {
  const [answer] = await readOne(request, (db) => withAttentions(db, [one]));
  return answer!;
}

async function withAttentions(db: AccountDb, labels: readonly Label[]): Promise<LabelAnswer[]> {
  const parked = await listAttentionsOfOrders(db, [...new Set(labels.map(({ orderId }) => orderId))]);
  return labels.map((one) => toLabel(one, parked));
}
