import { randomBytes } from 'node:crypto';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createImportOrderActivities } from '../../../activities/tasks/import-orders.ts';
import { insertChannel } from '../../../db/channels/channels.ts';
import { awaitOrder } from '../../../db/channels/cursors.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { queuesFor } from '../../../workflows/names.ts';
import type { TestApi } from '../engine/test-api.ts';
import { aTrade, type OrderJson } from './api-orders.ts';

export type ShopLine = { sku: string; ordered: number; now: number };
type InShop = ReturnType<typeof inShop> & { payments?: object[] };
type Parked = { id: string; step: string; code: string; orderId: string; actions: string[] };

const settings = { globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } } };

/** An order as a Vendure shop answers it. */
export const inShop = (id: string, lines: readonly ShopLine[]) => ({
  id,
  code: `C${id}`,
  state: lines.every(({ now }) => now === 0) ? 'Cancelled' : 'PaymentSettled',
  currencyCode: 'EUR',
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
  orderPlacedAt: '2026-11-22T10:00:00.000Z',
  shippingAddress: { fullName: 'A Buyer', streetLine1: 'Street 1', city: 'Town', postalCode: '1', countryCode: 'DE' },
  lines: lines.map(({ sku, ordered, now }, index) => ({
    id: `${id}-${index}`,
    quantity: now,
    orderPlacedQuantity: ordered,
    unitPriceWithTax: 100,
    productVariant: { id: sku, sku, name: sku },
  })),
});

/** The merchant of a trade, whose Vendure shop has orders that are cancelled there. */
export async function aCancellingShop(api: TestApi) {
  const trade = await aTrade(api);
  const { merchant } = trade;
  const sealer = createSealer(randomBytes(32).toString('base64'));
  const inMerchant = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(api.pool, merchant.accountId, work);
  const shop = { kind: 'vendure', name: 'Shop', settings: { url: 'https://shop.example' } } as const;
  const credentials = { apiKey: 'k' };
  const { id: channelId } = await inMerchant((db) => insertChannel(db, sealer, { ...shop, credentials }));

  /** Import Orders reads the order as it is in the shop now. @returns it as its merchant sees it */
  async function imported(order: InShop): Promise<OrderJson> {
    const { id } = order;
    const fetch = async (_url: unknown, init?: { body?: unknown }) =>
      Response.json({ data: String(init?.body).includes('globalSettings') ? settings : { order } });
    const deps = {
      gate: createGate({ slots: 40 }), pool: api.pool, sealer, fetch, now: () => new Date(), log: pino({ level: 'silent' }), crashPoint: () => undefined,
      queues: queuesFor('-none'), client: { workflow: { start: async () => undefined } },
    }; // prettier-ignore
    await inMerchant((db) => awaitOrder(db, channelId, id));
    const { importAwaitedOrders } = createImportOrderActivities(deps as unknown as Deps);
    const context = { cancellationSignal: new AbortController().signal } as Context;
    const page = await asyncLocalStorage.run(context, () => importAwaitedOrders({ channelId, after: null }));
    if (page.failures.length > 0) throw new Error(JSON.stringify(page.failures));
    const { data } = (await merchant.get(`/v1/orders?number=C${id}&limit=1`)).json<{ data: OrderJson[] }>();
    return data[0]!;
  }

  const parked = async () => (await merchant.get('/v1/attentions')).json<{ data: Parked[] }>().data;
  return {
    trade,
    inMerchant,
    imported,
    seen: (id: string, ...lines: ShopLine[]) => imported(inShop(id, lines)),
    shown: async (id: string): Promise<OrderJson> => (await merchant.get(`/v1/orders/${id}`)).json(),
    parkedOf: async ({ id }: OrderJson) => (await parked()).filter(({ orderId }) => orderId === id),
    resolve: ({ id }: Parked, action = 'skip') =>
      merchant.post(`/v1/attentions/${id}/resolve`, { action, reason: 'not_needed' }),
  };
}
export type CancellingShop = Awaited<ReturnType<typeof aCancellingShop>>;
