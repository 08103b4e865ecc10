'use strict';

const ofOrder = async ({ id, order_id: orderId }) => [orderId ?? id];

/** The event of a payment names the payment only. */
async function ofPayment({ id }, query) {
  const fields = ['payment_collection.order.id'];
  const { data } = await query.graph({ entity: 'payment', fields, filters: { id } });
  return data.flatMap((payment) => payment.payment_collection?.order?.id ?? []);
}

/** By Medusa's event: the type of our message, and how the ids of its orders are found. */
const messages = {
  'order.placed': ['order.placed', ofOrder],
  'payment.captured': ['order.paid', ofPayment],
  'order-edit.confirmed': ['order.edited', ofOrder],
  'payment.refunded': ['order.refunded', ofPayment],
  'order.canceled': ['order.cancelled', ofOrder],
};

/**
 * The body of a message. It holds ids only: the receiver reads the truth from the API.
 * @throws Error while the order cannot be read: some events come before the order is there (medusajs/medusa#15122)
 */
async function bodyOf({ name, data }, query) {
  const [type, findIds] = messages[name];
  const id = await findIds(data, query);
  const { data: orders } = await query.graph({ entity: 'order', fields: ['id'], filters: { id } });
  if (orders.length === 0) throw new Error(`The order of ${name} cannot be read yet.`);
  const orderIds = orders.map((order) => order.id);
  return JSON.stringify({ type, orderIds, timestamp: new Date().toISOString() });
}

module.exports = { bodyOf, events: Object.keys(messages) };
