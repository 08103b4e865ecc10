import type { FastifyRequest } from 'fastify';
import { derivedId, newId } from '../../db/engine/ids.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { requireLabelAccount } from '../../db/labels/accounts.ts';
import {
  hasLabel,
  insertLabel,
  isRatingUsed,
  listHeldUnits,
  requireLabel,
  requireLabelStart,
  type Label,
  type LabelStart,
  type NewLabel,
} from '../../db/labels/labels.ts';
import { requireQuote } from '../../db/labels/ratings.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { requireOrder } from '../../db/orders/view.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertNotErased } from '../../domain/erasure.ts';
import { linesForParcel } from '../../domain/labels/parcel.ts';
import { assertWithin, linesOfLabel } from '../../domain/labels/purchase.ts';
import { findCarrier } from '../../domain/shipments/carriers.ts';
import { assertTakesShipments } from '../../domain/shipments/route.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { authorOf } from '../plugins/auth.ts';
import { command, fingerprintOf } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import type { NewLabelBody } from '../schemas/labels.ts';

/** `isReturn`: from the buyer to the warehouse; it makes no shipment. */
type Buying = { orderId: string; body: NewLabelBody; isReturn: boolean };

/**
 * Stores a label, lets its workflow buy it, and waits some seconds for that. A repeat waits for the same label.
 * @returns the label as it is by then; 201 once it is bought and its shipment recorded, else 202
 * @throws DomainError why nothing was bought
 */
export async function buyLabel(request: FastifyRequest, buying: Buying): Promise<Label> {
  // The key's row holds the id, and not the answer: a repeat shows how far the label is by then.
  const { labelId, start } = await command(request, { status: 202 }, async (db) => {
    const id = labelIdFor(request);
    // A repeat whose key has been pruned finds its label: judged anew, it would be refused because of that label.
    if (!(await hasLabel(db, id))) await insertLabel(db, { id, ...(await wantedLabel(db, request, buying)) });
    return { labelId: id, start: await requireLabelStart(db, id) };
  });
  return bought(request, labelId, start);
}

async function bought(request: FastifyRequest, labelId: string, start: LabelStart): Promise<Label> {
  const find = () => readOne(request, (db) => requireLabel(db, labelId));
  if (!isOver(await find())) await request.server.deps.workflows.startLabel(start);
  const label = await find();
  if (label.status === 'failed')
    throw new DomainError(label.failure ?? 'label_refused', 'Nothing was bought. See the code for the cause.');
  void request.replying.code(isOver(label) ? 201 : 202);
  return label;
}

/** Nothing more follows by itself. */
const isOver = ({ status, isReturn, documentId }: Label): boolean =>
  isReturn && status === 'bought' ? documentId !== null : !['requested', 'bought'].includes(status);

async function wantedLabel(db: AccountDb, request: FastifyRequest, buying: Buying): Promise<Omit<NewLabel, 'id'>> {
  const { orderId, body, isReturn } = buying;
  await lockOrder(db, orderId);
  const order = await requireOrder(db, orderId);
  assertNotErased(order);
  if (!isReturn) assertTakesShipments(order);
  const held = await listHeldUnits(db, orderId, { isReturn });
  const lines = linesForParcel(order.lines, isReturn);
  const linesFor = (requested?: readonly ShipmentLine[]) => linesOfLabel(lines, held, requested);
  const about = {
    orderId,
    isReturn,
    lentTo: null,
    actor: authorOf(request).actor,
  };
  const { quoteId } = body;
  if (quoteId !== undefined) return { ...about, ...(await ofQuote(db, { buying, quoteId, linesFor })) };
  return { ...about, ...(await ofService(db, { body, linesFor })) };
}

type Content = Omit<NewLabel, 'id' | 'orderId' | 'isReturn' | 'lentTo' | 'actor'>;
type LinesFor = (requested?: readonly ShipmentLine[]) => ShipmentLine[];

async function ofQuote(
  db: AccountDb,
  { buying, quoteId, linesFor }: { buying: Buying; quoteId: string; linesFor: LinesFor },
): Promise<Content> {
  const { orderId, body, isReturn } = buying;
  const quote = await requireQuote(db, orderId, quoteId);
  if (quote.isReturn !== isReturn) {
    const kind = quote.isReturn ? 'a return label' : 'a label of a shipment';
    throw new DomainError('quote_not_found', `The quote ${quoteId} is for ${kind}.`);
  }
  if (await isRatingUsed(db, quote.ratingId))
    throw new DomainError('rate_expired', 'A label was made of this rating: it sells one. Ask for rates again.');
  assertWithin(quote.cost, body.maxCost ?? null);
  const { ratingId, labelAccountId, payer, carrier, service, providerShipmentId, providerRateId } = quote;
  return {
    ...{ ratingId, quoteId, labelAccountId, payer, carrier, service, providerShipmentId, providerRateId },
    content: { ...quote.content, lines: linesFor(quote.content.lines) },
    maxCost: body.maxCost ?? quote.cost,
  };
}

/** It is rated by its workflow, which also finds who pays. */
async function ofService(
  db: AccountDb,
  { body, linesFor }: { body: NewLabelBody; linesFor: LinesFor },
): Promise<Content> {
  const { labelAccountId, carrier, service, parcel, shipFromWarehouseId, insuredValue, signature, maxCost } = body;
  if (labelAccountId !== undefined) await requireLabelAccount(db, labelAccountId);
  return {
    ratingId: null,
    quoteId: null,
    labelAccountId: labelAccountId ?? null,
    payer: 'account',
    carrier: findCarrier(carrier!)?.code ?? carrier!,
    service: service ?? null,
    providerShipmentId: null,
    providerRateId: null,
    content: {
      parcel: parcel!,
      lines: linesFor(body.lines),
      shipFromWarehouseId: shipFromWarehouseId ?? null,
      insuredValue: insuredValue ?? null,
      signature: signature ?? 'none',
    },
    maxCost: maxCost ?? null,
  };
}

/** The same request means the same label, also after its key has been pruned (law 5). */
function labelIdFor(request: FastifyRequest): string {
  const { actor, idempotencyKey } = request;
  if (idempotencyKey === undefined) return newId('label');
  return derivedId('label', actor.accountId, idempotencyKey, fingerprintOf(request));
}
