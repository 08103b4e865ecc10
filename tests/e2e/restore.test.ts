import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataOf } from '../../clients/typescript/src/index.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { persistently } from '../support/trade/stage.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  anOrderBody,
  aProduct,
  orderOf,
  received,
  ship,
  type Company,
  type OrderAnswer,
} from '../support/trade/trade.ts';
import { startProvingGround } from './proving-ground.ts';

const shop = forTheFile(startCallbackShop);
const ground = forTheFile(() => startProvingGround({ allowedHosts: [shop.host] }));

/** The folders of an earlier and of a later backup, and the halves of both in two more. */
const folder = mkdtempSync(join(tmpdir(), 'vendor-portals-backup-'));
const at = (name: string) => join(folder, name);
const mixed = (name: string, { temporal, postgres }: { temporal: string; postgres: string }) => {
  cpSync(at(postgres), at(name), { recursive: true });
  rmSync(join(at(name), 'temporal'), { recursive: true });
  cpSync(join(at(temporal), 'temporal'), join(at(name), 'temporal'), { recursive: true });
  return at(name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Body = ReturnType<typeof anOrderBody>;
let [merchant, supplier] = [] as unknown as [Company, Company];
let portalId: string;
const orders: Body[] = [];
/** Ids by the number of the order. */
const ids = new Map<string, string>();

/** A client that was not answered, or knows nothing of the restore, sends the same again. */
async function place(body: Body): Promise<OrderAnswer> {
  const order = await persistently(() => dataOf(merchant.rest.api.POST('/v1/orders', { body })));
  ids.set(body.number, order.id);
  return order;
}
async function receivedOf(number: string): Promise<OrderAnswer> {
  const { dropship } = await orderOf(merchant, ids.get(number)!);
  return received(supplier, { portalId, dropshipId: dropship!.id });
}
/** One unit, with a key of its own. */
async function shipOne(number: string, parcel: number): Promise<void> {
  const order = await receivedOf(number);
  const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
  await persistently(() =>
    ship(supplier, order.id, { trackingNumber: `${number}-${parcel}`, lines, key: `${number}-${parcel}` }),
  );
}

const statusOf = async (number: string) => (await orderOf(merchant, ids.get(number)!)).status;
const untilShown = (number: string, parcels: number) =>
  waitUntil(
    async () =>
      (await orderOf(merchant, ids.get(number)!)).shipments.filter(({ confirmedAt }) => confirmedAt !== null).length ===
      parcels,
    { timeoutMs: 60_000, what: `${number}: ${parcels} parcels in its shop` },
  );

/** How often the shop did each parcel. */
async function shownInShop(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { message } of await shop.done())
    if (message?.['type'] === 'shipment.pushed') {
      const number = message['trackingNumber'] as string;
      counts[number] = (counts[number] ?? 0) + 1;
    }
  return counts;
}

const numbers = ['R-1', 'R-2', 'R-3', 'R-4', 'R-5', 'R-6', 'R-7', 'R-8'] as const;
const [waiting, asked, one, two, whole, late, lateShipped] = numbers;

beforeAll(async () => {
  [merchant, supplier] = await Promise.all([aCompany(ground), aCompany(ground)]);
  const trade = await aConnection(ground, merchant, supplier);
  portalId = trade.portalId;
  const settings = { callbackUrl: shop.url, callbackSecret: shop.secret };
  const channelId = await anApiChannel(merchant, settings);
  const sku = await aProduct(merchant, { supplierId: trade.supplierId });
  for (const number of numbers) orders.push(anOrderBody({ channelId, number, lines: [{ sku, quantity: 2 }] }));

  for (const body of orders.slice(0, 5)) await place(body);
  for (const number of [asked, one, two, whole]) await receivedOf(number);
  await shipOne(one, 1);
  await shipOne(two, 1);
  for (const parcel of [1, 2]) await shipOne(whole, parcel);
  await ground.backUp(at('earlier'));

  // The later backup has this as well.
  await shipOne(asked, 1);
  await shipOne(two, 2);
  for (const body of orders.slice(5, 7)) await place(body);
  for (const parcel of [1, 2]) await shipOne(lateShipped, parcel);
  for (const [number, parcels] of [[asked, 1], [one, 1], [two, 2], [whole, 2], [lateShipped, 2]] as const) await untilShown(number, parcels); // prettier-ignore
  await ground.backUp(at('later'));
}, 120_000);

/** All goes on to its end: each order ships whole, and its shop did each parcel once. */
async function finish(open: readonly string[]): Promise<void> {
  for (const number of open) for (const parcel of [1, 2]) await shipOne(number, parcel);
  for (const number of open) await untilShown(number, 2);
  for (const number of open) expect(await statusOf(number)).toBe('shipped');
  expect(await shownInShop()).toEqual(
    Object.fromEntries(numbers.flatMap((number) => [`${number}-1`, `${number}-2`].map((parcel) => [parcel, 1]))),
  );
}

describe('a restore of two moments', () => {
  it('where Temporal is the older one: all that Postgres has is there, and goes on', async () => {
    const rebuilt = await ground.restore(mixed('old-temporal', { temporal: 'earlier', postgres: 'later' }));

    // What began after Temporal's backup did not run; what ended after it did.
    const { dropship } = await orderOf(merchant, ids.get(late)!);
    expect(rebuilt.missing).toEqual([`dropship/${dropship!.id}`]);
    expect(rebuilt.ended.length).toBeGreaterThan(0);
    expect(await statusOf(lateShipped)).toBe('shipped');
    expect(await statusOf(two)).toBe('shipped');
    expect((await orderOf(merchant, ids.get(asked)!)).shipments).toHaveLength(1);
  }, 180_000);

  it('where Postgres is the older one: what it has goes on, and the rest is done once when it is sent again', async () => {
    const rebuilt = await ground.restore(mixed('old-postgres', { temporal: 'later', postgres: 'earlier' }));

    // Of orders that Postgres does not know.
    expect(rebuilt.ended.length).toBeGreaterThan(0);
    expect(await statusOf(whole)).toBe('shipped');
    expect(await statusOf(waiting)).toBe('dropship_requested');
    // The merchant's code sends again what has not shipped whole for it.
    const open = orders.filter(({ number }) => number !== lateShipped);
    for (const body of open) await place(body);
    await finish(open.map(({ number }) => number));
  }, 180_000);
});
