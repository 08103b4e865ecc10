'use strict';

const { createHmac, randomUUID } = require('node:crypto');
const {
  Fulfillment,
  FulfillmentStateTransitionEvent,
  OrderLine,
  OrderPlacedEvent,
  OrderStateTransitionEvent,
  RefundStateTransitionEvent,
  StockMovementEvent,
} = require('@vendure/core');
const { In } = require('typeorm');

/** Settings-store key of the target `{ url, secret }`. */
const webhookTargetKey = 'vendorPortals.webhookTarget';
const timeoutMs = 10_000;
const retries = 14;
const longestBackoffMs = 15 * 60_000;
/** Before a customer has paid or promised to, an order is nobody's business. */
const unplaced = ['Created', 'Draft', 'AddingItems', 'ArrangingPayment'];

/** Milliseconds before the next attempt: 1 s, 2 s, 4 s … 15 min; with `retries` attempts a little over an hour. */
function webhookBackoff(_queueName, attempts) {
  return Math.min(1000 * 2 ** Math.max(0, attempts - 1), longestBackoffMs);
}

/** One subscription per kind of event: `[event class, (event, shop) → { type, …ids } or undefined]`. */
const messages = [
  [OrderPlacedEvent, ({ order }) => ({ type: 'order.placed', orderIds: [String(order.id)] })],
  [OrderStateTransitionEvent, orderMessage],
  [FulfillmentStateTransitionEvent, fulfillmentMessage],
  [RefundStateTransitionEvent, refundMessage],
  [StockMovementEvent, stockMessage],
];

function orderMessage({ order, toState }) {
  if (unplaced.includes(toState)) return undefined;
  const orderIds = [String(order.id)];
  if (toState === 'PaymentSettled') return { type: 'order.paid', orderIds };
  return { type: toState === 'Cancelled' ? 'order.cancelled' : 'order.updated', orderIds };
}

/** A refund does not change the order's own time of change, so that only a message shows it at once. */
function refundMessage({ order, toState }) {
  return toState === 'Settled' ? { type: 'order.refunded', orderIds: [String(order.id)] } : undefined;
}

async function fulfillmentMessage({ fulfillment, toState }, shop) {
  if (toState === 'Pending') return undefined;
  const found = await shop.getRepository(Fulfillment).findOne({ where: { id: fulfillment.id }, relations: ['orders'] });
  return {
    type: 'fulfillment.updated',
    orderIds: idsOf(found?.orders ?? []),
    fulfillmentIds: [String(fulfillment.id)],
  };
}

/** Units released from an order are units cancelled before they were sent; every other movement only changes levels. */
async function stockMessage({ stockMovements, type }, shop) {
  const variantIds = idsOf(stockMovements.map((movement) => movement.productVariant));
  if (type !== 'RELEASE') return { type: 'stock.updated', orderIds: [], variantIds };
  const lineIds = stockMovements.map((movement) => movement.orderLine.id);
  const lines = await shop.getRepository(OrderLine).find({ where: { id: In(lineIds) }, relations: ['order'] });
  return { type: 'order.cancelled', orderIds: idsOf(lines.map((line) => line.order)), variantIds };
}

function idsOf(entities) {
  return [...new Set(entities.map((entity) => String(entity.id)))];
}

/**
 * A job carries the bytes to send and the id of the delivery, so that every attempt is the same message.
 * A receiver may see it before the shop's own commit: it holds ids only, and the truth is read from the API.
 */
function toJob(message) {
  const body = JSON.stringify({ ...message, timestamp: new Date().toISOString() });
  return { deliveryId: `msg_${randomUUID()}`, body };
}

/** Sends one message; throws unless it was accepted, and the job queue tries again. */
async function deliver({ deliveryId, body }, { url, secret }) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const answer = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/json',
      'webhook-id': deliveryId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${sign(secret, `${deliveryId}.${timestamp}.${body}`)}`,
    },
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`The webhook was answered with ${answer.status}.`);
}

/** @see https://www.standardwebhooks.com: a secret with the prefix is base64 of the key, any other is the key itself */
function sign(secret, text) {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return createHmac('sha256', key).update(text).digest('base64');
}

module.exports = { webhookTargetKey, webhookBackoff, retries, messages, toJob, deliver };
