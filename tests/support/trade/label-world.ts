import { dataOf } from '../../../clients/typescript/src/index.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import { forTheFile } from '../engine/for-the-file.ts';
import { waitUntil } from '../engine/wait-until.ts';
import { startCallbackShop } from '../fakes/callback-shop.ts';
import { sold } from './cancel-trade.ts';
import { aLabelAccount, shipsFrom } from './labels.ts';
import { orderOf, received, type Company, type OrderAnswer } from './trade.ts';
import { aTradingWorld } from './trading-world.ts';

/** An order of a merchant, and the supplier's copy of it. */
type Ordered = { order: OrderAnswer; taken: OrderAnswer };

/** A trading world whose supplier buys labels of the built-in provider, and whose activities can be made to fail anywhere. */
export function aLabelWorld() {
  const deaths = someDeaths();
  const endpoint = forTheFile(startCallbackShop);
  const { traded } = aTradingWorld({ endpoint, sweepMs: 300, crashPoint: deaths.crashPoint });
  forTheFile(async () => {
    await aLabelAccount(traded.supplier);
    await shipsFrom(traded.supplier);
    return {};
  });
  return {
    traded,
    diesAt: deaths.diesAt,
    /** An order of some units with its supplier. */
    async anOrder(quantity = 3): Promise<Ordered> {
      const order = await sold(traded, quantity);
      const { portalId } = traded.trade;
      return { order, taken: await received(traded.supplier, { portalId, dropshipId: order.dropship!.id }) };
    },
    /** What the shop was sent of an order. */
    async atTheShop(order: OrderAnswer): Promise<{ type: unknown; shipmentId: unknown; trackingNumber: unknown }[]> {
      const done = await endpoint.done();
      return done.flatMap(({ message }) =>
        message?.['orderId'] === order['remoteId']
          ? [{ type: message['type'], shipmentId: message['shipmentId'], trackingNumber: message['trackingNumber'] }]
          : [],
      );
    },
  };
}

/** Activities fail where they pass a point at which they shall die, as if the worker had died there. */
function someDeaths() {
  const dying = new Set<CrashPointName>();
  const passed = new Map<CrashPointName, number>();
  const timesAt = (point: CrashPointName) => passed.get(point) ?? 0;
  return {
    crashPoint: (name: CrashPointName): void => {
      passed.set(name, timesAt(name) + 1);
      if (dying.has(name)) throw new Error(`died at ${name}`);
    },
    /** Lets activities die at this point until one has died and `meanwhile` has happened. */
    diesAt: async (point: CrashPointName, meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> => {
      const before = timesAt(point);
      dying.add(point);
      try {
        await waitUntil(() => timesAt(point) > before, { what: `a death at ${point}` });
        await meanwhile();
      } finally {
        dying.delete(point);
      }
    },
  };
}

/** The entries about labels on an order's timeline, the newest first. */
export async function labelEventsOf(
  company: Company,
  id: string,
): Promise<{ type: string; [fact: string]: unknown }[]> {
  const { data } = await dataOf(company.rest.api.GET('/v1/orders/{id}/events', { params: { path: { id } } }));
  return data.filter(({ type }) => type.startsWith('label_')).map(({ type, data: facts }) => ({ type, ...facts }));
}

export const shipmentsOf = async (company: Company, id: string) => (await orderOf(company, id)).shipments;

/** Units of an order's first line. */
export const unitsOf = (order: OrderAnswer, quantity: number) => [{ lineId: order.lines[0]!.id, quantity }];
