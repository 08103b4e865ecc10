import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { dataOf, type OrderDetail } from '../../../clients/typescript/src/index.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { noteEdit } from '../../../db/orders/edits.ts';
import { orderActions, type OrderAction } from '../../../domain/orders/action.ts';
import {
  acceptCancel,
  aPassedOrder,
  cancel,
  declineCancel,
  handedOver,
  orCode,
  sold,
} from '../../support/trade/cancel-trade.ts';
import { inParts, split, splitInTwo } from '../../support/trade/split-trade.ts';
import { accept, dropshipTo, reject } from '../../support/trade/supplier-response-trade.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  canary,
  leavesOf,
  orderOf,
  placeOrder,
  received,
  ship,
  type Company,
} from '../../support/trade/trade.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

/** Whose order it is. `supplierId`: to whom it would be dropshipped by hand. */
type Played = { company: Company; id: string; supplierId: string };
const number = () => `1Z${randomBytes(5).toString('hex').toUpperCase()}`;

/** The merchant's order of an in-house product. */
async function inHouse(quantity = 3): Promise<Played> {
  const { merchant, channelId, trade } = traded;
  const sku = await aProduct(merchant);
  const { id } = await placeOrder(merchant, { channelId, lines: [{ sku, quantity }] });
  return { company: merchant, id, supplierId: trade.supplierId };
}

async function byHand(): Promise<Played> {
  const { merchant, channelId, trade } = traded;
  const sku = await aProduct(merchant, { supplierId: trade.supplierId, fulfillmentType: 'dropshippable' });
  const { id } = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 2 }] });
  return { company: merchant, id, supplierId: trade.supplierId };
}

/** As that, over a connection that is paused. */
async function byHandPaused(): Promise<Played> {
  const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
  const { supplierId, connectionId } = await aConnection(world, merchant, supplier);
  const sku = await aProduct(merchant, { supplierId, fulfillmentType: 'dropshippable' });
  const channelId = await anApiChannel(merchant);
  const { id } = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 2 }] });
  await merchant.rest.patch(`/connections/${connectionId}`, { status: 'paused' });
  return { company: merchant, id, supplierId };
}

/** A supplier of the supplier, to which nothing is assigned. */
const below = forTheFile(async () => aConnection(world, traded.supplier, await aCompany(world)));

/** An order with its supplier, after `play`. @param side whose order is looked at */
const between =
  (side: 'merchant' | 'supplier', play?: (order: Awaited<ReturnType<typeof handedOver>>) => Promise<unknown>) =>
  async (): Promise<Played> => {
    const order = await handedOver(traded);
    await play?.(order);
    return {
      company: traded[side],
      id: side === 'merchant' ? order.orderId : order.supplierOrderId,
      supplierId: (side === 'merchant' ? traded.trade : below).supplierId,
    };
  };

type Both = Awaited<ReturnType<typeof handedOver>>;
const asked = ({ orderId }: Both) => cancel(traded.merchant, orderId);
const partlyAsked = ({ orderId, lineId }: Both) =>
  cancel(traded.merchant, orderId, { lines: [{ lineId, quantity: 1 }] });
const partlyShipped = ({ supplierOrderId, supplierLineId: lineId }: Both) =>
  ship(traded.supplier, supplierOrderId, { trackingNumber: number(), lines: [{ lineId, quantity: 1 }] });
const shipped = ({ supplierOrderId }: Both) => ship(traded.supplier, supplierOrderId, { trackingNumber: number() });
const accepted = ({ supplierOrderId }: Both) => accept(traded.supplier, supplierOrderId);
const rejected = ({ supplierOrderId }: Both) => reject(traded.supplier, supplierOrderId);
const givenUp = async (both: Both) => {
  await asked(both);
  await acceptCancel(traded.supplier, both.supplierOrderId);
};
const askedInVain = async (both: Both) => {
  await asked(both);
  await declineCancel(traded.supplier, both.supplierOrderId);
};

/** The shop has edited the order. @param added the SKU of a line that the shop has added */
async function edited(order: Played, added?: string): Promise<Played> {
  const { lines, remoteId, number: name, placedAt } = await orderOf(order.company, order.id);
  const actor = { kind: 'channel', id: traded.channelId } as const;
  const inShop = [
    ...lines.map((line) => ({ ...line, unitPriceMinor: 100, quantity: line.quantity + 1 })),
    ...(added ? [{ remoteLineId: 'new', sku: added, name: 'New', quantity: 1, unitPriceMinor: 100 }] : []),
  ];
  const wish = { remoteId, number: name, placedAt, currency: 'USD', shipTo: canary, shippingMethod: 'standard' };
  await withAccount(world.pool, order.company.id, (db) =>
    noteEdit(db, { orderId: order.id, order: { ...wish, lines: inShop }, actor, at: new Date() }),
  );
  return order;
}

const waiting = async (): Promise<Played> => ({
  company: traded.merchant,
  id: (await sold(traded)).id,
  supplierId: traded.trade.supplierId,
});

/** What a supplier divided between its shelves and a supplier of its own. */
async function divided(which: 'root' | 'shelf' | 'below'): Promise<Played> {
  const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
  const upper = await aConnection(world, shop, trader);
  const lower = await aConnection(world, trader, factory);
  const skus = [await aProduct(shop, { supplierId: upper.supplierId }), await aProduct(shop, { supplierId: upper.supplierId })]; // prettier-ignore
  await aProduct(trader, { sku: skus[0]!, supplierId: lower.supplierId });
  await aProduct(trader, { sku: skus[1]! });
  const lines = skus.map((sku) => ({ sku, quantity: 3 }));
  const order = await placeOrder(shop, { channelId: await anApiChannel(shop), lines });
  const came = await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });
  const root = came.parentId ?? came.id;
  const leaves = await leavesOf(trader, root);
  const id = { root, shelf: leaves.find((leaf) => !leaf.dropship)!.id, below: leaves.find((leaf) => leaf.dropship)!.id }[which]; // prettier-ignore
  return { company: trader, id, supplierId: lower.supplierId };
}

async function passedOn(): Promise<Played> {
  const { trader, passed, lower } = await aPassedOrder(world);
  return { company: trader, id: passed.id, supplierId: lower.supplierId };
}

async function ownLeaf(which: 'parent' | 'leaf'): Promise<Played> {
  const order = await inHouse();
  const [leaf] = await split(order.company, order.id, {
    groups: inParts(await orderOf(order.company, order.id), 2, 1),
  });
  return which === 'parent' ? order : { ...order, id: leaf!.id };
}

async function splitBySupplier(which: 'orderId' | 'supplierOrderId' | 'leaf' | 'mirrored'): Promise<Played> {
  const made = await splitInTwo(traded);
  const { supplierId } = traded.trade;
  if (which === 'leaf') return { company: traded.supplier, id: made.leaves[0]!.id, supplierId: below.supplierId };
  if (which === 'mirrored') return { company: traded.merchant, id: made.mirrored[0]!.id, supplierId };
  return { company: which === 'orderId' ? traded.merchant : traded.supplier, id: made[which], supplierId };
}

/** Plays after `make`. */
const then = (make: () => Promise<Played>, play: (order: Played) => Promise<unknown>) => async () => {
  const order = await make();
  await play(order);
  return order;
};
const shipOne = async ({ company, id }: Played) => {
  const { lines } = await orderOf(company, id);
  return ship(company, id, { trackingNumber: number(), lines: [{ lineId: lines[0]!.id, quantity: 1 }] });
};

const states: [string, () => Promise<Played>][] = [
  ['in-house', () => inHouse()],
  ['in-house, of one unit', () => inHouse(1)],
  ['in-house, partly shipped', then(() => inHouse(), shipOne)],
  [
    'in-house, shipped',
    then(
      () => inHouse(),
      ({ company, id }) => ship(company, id, { trackingNumber: number() }),
    ),
  ],
  [
    'in-house, cancelled',
    then(
      () => inHouse(),
      ({ company, id }) => cancel(company, id),
    ),
  ],
  [
    'in-house, edited in its shop',
    then(
      () => inHouse(),
      (order) => edited(order),
    ),
  ],
  [
    'in-house, partly shipped, then edited',
    then(
      then(() => inHouse(), shipOne),
      (order) => edited(order),
    ),
  ],
  ['split', () => ownLeaf('parent')],
  ['a leaf', () => ownLeaf('leaf')],
  ['of a supplier by hand', byHand],
  ['of a supplier by hand, who may get nothing now', byHandPaused],
  ['dropshipped by hand', then(byHand, ({ company, id, supplierId }) => dropshipTo(company, id, supplierId))],
  ['waiting for its supplier', waiting],
  ['waiting, edited', then(waiting, (order) => edited(order))],
  ['waiting, with a new line that its supplier has', then(waiting, (order) => edited(order, traded.sku))],
  ['waiting, with a new line that its supplier has not', then(waiting, async (order) => edited(order, await aProduct(traded.merchant)))], // prettier-ignore
  ['with its supplier', between('merchant')],
  ['with its supplier, edited', then(between('merchant'), (order) => edited(order))],
  ['with its supplier, to be cancelled', between('merchant', asked)],
  ['with its supplier, to be cancelled in part', between('merchant', partlyAsked)],
  ['partly shipped by its supplier', between('merchant', partlyShipped)],
  ['shipped by its supplier', between('merchant', shipped)],
  ['sent back', between('merchant', rejected)],
  ['given up by its supplier', between('merchant', givenUp)],
  ['received', between('supplier')],
  ['received, accepted', between('supplier', accepted)],
  ['received, partly shipped', between('supplier', partlyShipped)],
  ['received, shipped', between('supplier', shipped)],
  ['received, to be cancelled', between('supplier', asked)],
  ['received, to be cancelled in part', between('supplier', partlyAsked)],
  ['received, not cancelled', between('supplier', askedInVain)],
  ['received, cancelled', between('supplier', givenUp)],
  ['received, rejected', between('supplier', rejected)],
  ['split by its supplier, for the merchant', () => splitBySupplier('orderId')],
  ['split by its supplier', () => splitBySupplier('supplierOrderId')],
  ['a leaf of its supplier', () => splitBySupplier('leaf')],
  ['a leaf of its supplier, for the merchant', () => splitBySupplier('mirrored')],
  ['passed on', passedOn],
  ['divided', () => divided('root')],
  ['divided, on the shelf', () => divided('shelf')],
  ['divided, passed on', () => divided('below')],
];

/** Tries one action. @returns the code of its refusal, or null */
async function tryOut(action: OrderAction, { company, id, supplierId }: Played, order: OrderDetail) {
  const post = (path: string, body: object) => company.rest.post<object>(`/orders/${id}/${path}`, body);
  const editId = order.pendingEdit?.id ?? 'edit_none';
  const left = order.lines.map((line) => ({
    lineId: line.id,
    quantity: line.quantity - line.shipped - line.cancelled,
  }));
  const open = left.filter(({ quantity }) => quantity > 0);
  const [first = { lineId: order.lines[0]!.id, quantity: 1 }, ...others] = open;
  const rest = first.quantity > 1 ? [{ ...first, quantity: first.quantity - 1 }, ...others] : others;
  const second = rest.length > 0 ? rest : [{ ...first, quantity: 1 }];
  const tries: Record<OrderAction, () => Promise<unknown>> = {
    ship: () => post('shipments', { carrier: 'ups', trackingNumber: number() }),
    accept: () => post('accept', {}),
    reject: () => post('reject', { reason: 'other' }),
    acceptCancel: () => post('cancel/accept', { reason: 'other' }),
    declineCancel: () => post('cancel/decline', { reason: 'packed' }),
    cancel: () => post('cancel', { reason: 'other' }),
    split: () => post('split', { groups: [{ lines: [{ ...first, quantity: 1 }] }, { lines: second }] }),
    dropship: () => post('dropship', { supplierId }),
    editAddress: () => company.rest.patch(`/orders/${id}`, { shipTo: { ...canary, address1: '8 Peppercorn Alley' } }),
    acceptEdit: () => post('edit/accept', { editId }),
    dismissEdit: () => post('edit/dismiss', { editId, reason: 'other' }),
  };
  const outcome = await orCode(tries[action]());
  return typeof outcome === 'string' ? outcome : null;
}

describe('what an order says that may be done', () => {
  it.each(states)(
    'is what its commands allow and refuse, with the same code: %s',
    async (_name, make) => {
      const played = await make();
      const order = await orderOf(played.company, played.id);
      expect(order.actions.map(({ action }) => action)).toEqual([...orderActions]);

      const outcomes: Record<string, string | null> = {};
      // Refused commands change nothing, so they come first. Each allowed one after the first needs an order of its own.
      const isAllowed = (wish: boolean) => order.actions.filter(({ allowed }) => allowed === wish);
      const [first, ...others] = isAllowed(true);
      for (const { action } of [...isAllowed(false), ...(first ? [first] : [])])
        outcomes[action] = await tryOut(action, played, order);
      for (const { action } of others) outcomes[action] = await tryOut(action, ...(await again(make)));

      expect(outcomes).toEqual(Object.fromEntries(order.actions.map(({ action, because }) => [action, because])));
    },
    120_000,
  );
});

async function again(make: () => Promise<Played>): Promise<[Played, OrderDetail]> {
  const played = await make();
  return [
    played,
    await dataOf(played.company.rest.api.GET('/v1/orders/{id}', { params: { path: { id: played.id } } })),
  ];
}
