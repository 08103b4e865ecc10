import { pageOf } from './lists.ts';
import { fulfillmentJson, gmt, orderJson, refundJson, type Order } from './records.ts';
import { error, type Route } from './rest.ts';
import { addFulfillment, assertItems, type Shop } from './shop.ts';

type Meta = { key: string; value: unknown }[];
const metaOf = (given: unknown): Record<string, unknown> =>
  Object.fromEntries(((given ?? []) as Meta).map(({ key, value }) => [key, value]));

export function orderRoutes(shop: Shop): Route[] {
  const orderOf = (id: string | undefined): Order => {
    const order = shop.find(Number(id));
    if (!order) throw error(404, 'woocommerce_rest_shop_order_invalid_id');
    return order;
  };
  return [
    [
      'GET',
      /^orders$/,
      ({ query }) => {
        const wanted = (query.get('status') ?? 'any').split(',');
        const known = [...shop.switches.statuses, 'any'];
        if (!wanted.every((status) => known.includes(status))) throw error(400, 'rest_invalid_param');
        const fits = ({ status }: Order) => (wanted.includes('any') ? status !== 'trash' : wanted.includes(status));
        return pageOf([...shop.orders.values()].filter(fits), query, orderJson);
      },
    ],
    ['GET', /^orders\/(\d+)$/, ({ params: [id] }) => ({ body: orderJson(orderOf(id)) })],
    [
      'PUT',
      /^orders\/(\d+)$/,
      ({ params: [id], body: { status } }) => {
        const order = orderOf(id);
        if (status !== undefined && !shop.switches.statuses.includes(status as string))
          throw error(400, 'rest_invalid_param');
        if (status !== undefined) shop.setStatus(order, status as string);
        return { body: orderJson(order) };
      },
    ],
    ['GET', /^orders\/(\d+)\/refunds$/, ({ params: [id] }) => ({ body: orderOf(id).refunds.map(refundJson) })],
    ['GET', /^orders\/(\d+)\/notes$/, ({ params: [id] }) => ({ body: orderOf(id).notes.map(noteJson) })],
    [
      'POST',
      /^orders\/(\d+)\/notes$/,
      ({ params: [id], body }) => {
        const note = { id: shop.nextId(), note: body['note'] as string, customer_note: body['customer_note'] === true, created: shop.now() }; // prettier-ignore
        orderOf(id).notes.push(note);
        return { status: 201, body: noteJson(note) };
      },
    ],
    ...fulfillmentRoutes(shop),
  ];
}

const noteJson = ({ created, ...note }: Order['notes'][number]) => ({ ...note, date_created_gmt: gmt(created) });

/** Without the feature these routes are not there. */
function fulfillmentRoutes(shop: Shop): Route[] {
  const orderOf = (id: string | undefined): Order => {
    if (!shop.switches.fulfillments) throw error(404, 'rest_no_route');
    const order = shop.find(Number(id));
    if (!order) throw error(404, 'woocommerce_rest_order_invalid_id');
    return order;
  };
  const oneOf = (order: Order, id: string | undefined) => {
    const found = order.fulfillments.find((candidate) => candidate.id === Number(id));
    if (!found) throw error(400, 'woocommerce_rest_fulfillment_invalid_id');
    return found;
  };
  const path = 'orders\\/(\\d+)\\/fulfillments';
  return [
    [
      'GET',
      new RegExp(`^${path}$`),
      ({ params: [id] }) => {
        const order = orderOf(id);
        const live = order.fulfillments.filter(({ deleted }) => deleted === null);
        return { body: live.map((one) => fulfillmentJson(order.id, one)) };
      },
    ],
    [
      'POST',
      new RegExp(`^${path}$`),
      ({ params: [id], body }) => {
        const order = orderOf(id);
        const added = addFulfillment(shop, order, metaOf(body['meta_data']));
        added.isFulfilled = body['status'] === 'fulfilled' || body['is_fulfilled'] === true;
        return { status: 201, body: fulfillmentJson(order.id, added, { isNew: true }) };
      },
    ],
    [
      'PUT',
      new RegExp(`^${path}\\/(\\d+)$`),
      ({ params: [id, fulfillmentId], body }) => {
        const order = orderOf(id);
        const one = oneOf(order, fulfillmentId);
        // What is left out is dropped.
        const meta = metaOf(body['meta_data']);
        assertItems(meta);
        Object.assign(one, { meta, updated: shop.now() });
        shop.touch(order);
        return { body: fulfillmentJson(order.id, one) };
      },
    ],
    [
      'DELETE',
      new RegExp(`^${path}\\/(\\d+)$`),
      ({ params: [id, fulfillmentId] }) => {
        const order = orderOf(id);
        oneOf(order, fulfillmentId).deleted ??= shop.now();
        shop.touch(order);
        return { body: { message: 'Fulfillment deleted successfully.' } };
      },
    ],
  ];
}
