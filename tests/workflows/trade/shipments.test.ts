import { describe, expect, it } from '@jest/globals';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  orderOf,
  placeOrder,
  received,
  type Company,
  type OrderAnswer,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { callingBack } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const world = forTheFile(() => startWorld({ allowedHosts: [endpoint.host], sweepMs: 500 }));

type Pushed = { shipmentId: string; orderId: string; lines: { remoteLineId: string; quantity: number }[] };
type Sold = { merchant: Company; supplier: Company; sold: OrderAnswer; taken: OrderAnswer; lamp: string; rug: string };

/** An order of five units in a shop of the merchant's own code, three LAMPs and two RUGs, with its supplier. */
async function anOrderOfFive(): Promise<Sold> {
  const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
  const { supplierId, portalId } = await aConnection(world, merchant, supplier);
  const channelId = await anApiChannel(merchant, callingBack(endpoint));
  const [lamp, rug] = [await aProduct(merchant, { supplierId }), await aProduct(merchant, { supplierId })];
  const lines = [
    { sku: lamp, quantity: 3 },
    { sku: rug, quantity: 2 },
  ];
  const sold = await placeOrder(merchant, { channelId, lines });
  const taken = await received(supplier, { portalId, dropshipId: sold.dropship!.id });
  return { merchant, supplier, sold, taken, lamp, rug };
}

/** The shipments of the order that the shop has, each one's units in the order of the lines. */
async function fulfillments({ sold }: Sold): Promise<{ shipmentId: string; units: number[] }[]> {
  const done = (await endpoint.done()).filter(({ message }) => message?.['type'] === 'shipment.pushed');
  const sent = done.map(({ message }) => message as unknown as Pushed);
  return sent
    .filter(({ orderId }) => orderId === sold['remoteId'])
    .map(({ shipmentId, lines }) => ({
      shipmentId,
      units: sold.lines.map((line) => lines.find((one) => one.remoteLineId === line.remoteLineId)?.quantity ?? 0),
    }));
}

const stateOf = async (company: Company, { id }: OrderAnswer) => {
  const order = await orderOf(company, id);
  const units = order.lines.map(({ shipped }) => shipped);
  return { status: order.status, units, allShipments: order.shipments.map((shipment) => shipment.id).sort() };
};

async function file({ supplier }: Sold, rows: string[][], key: string): Promise<string[][]> {
  const response = await fetch(`${world.url}/v1/shipments/batch`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${supplier.rest.key}`,
      'content-type': 'text/csv',
      'idempotency-key': key,
    },
    body: [['order', 'sku', 'quantity', 'carrier', 'tracking'], ...rows].map((row) => row.join(',')).join('\n'),
  });
  const lines = (await response.text()).trimEnd().split('\n');
  return lines.slice(1).map((line) => line.split(','));
}

describe('an order that leaves in several shipments', () => {
  it('is as far with the merchant, the supplier and the shop, one fulfillment for each shipment', async () => {
    const five = await anOrderOfFive();
    const { merchant, supplier, sold, taken, lamp, rug } = five;
    const first = [
      [sold.number, lamp, '1', 'UPS', 'P-1'],
      [sold.number, rug, '1', 'UPS', 'P-1'],
      [sold.number, lamp, '1', 'DHL Express', 'P-2'],
    ];

    const sent = await file(five, first, 'morning');
    await waitUntil(async () => (await fulfillments(five)).length === 2, { timeoutMs: 20_000 });

    expect(sent.map(([, , , status]) => status)).toEqual(['ok', 'ok', 'ok']);
    const allShipments = [sent[0]![6]!, sent[2]![6]!].sort();
    const partly = { status: 'partially_shipped', units: [2, 1], allShipments };
    expect([await stateOf(supplier, taken), await stateOf(merchant, sold)]).toEqual([partly, partly]);
    expect(await orderOf(merchant, sold.id)).toMatchObject({ dropship: { status: 'partially_shipped' } });
    expect(await fulfillments(five)).toEqual([
      { shipmentId: sent[0]![6], units: [1, 1] },
      { shipmentId: sent[2]![6], units: [1, 0] },
    ]);

    expect(await file(five, first, 'morning')).toEqual(sent);
    const rest = await file(five, [[sold.number, '', '', 'UPS', 'P-3']], 'evening');
    await waitUntil(async () => (await fulfillments(five)).length === 3, { timeoutMs: 20_000 });

    const whole = { status: 'shipped', units: [3, 2], allShipments: [...allShipments, rest[0]![6]!].sort() };
    expect([await stateOf(supplier, taken), await stateOf(merchant, sold)]).toEqual([whole, whole]);
    expect((await fulfillments(five)).at(-1)).toEqual({ shipmentId: rest[0]![6], units: [1, 1] });
    const confirmed = async () =>
      (await orderOf(supplier, taken.id)).shipments.every(({ confirmedAt }) => confirmedAt !== null);
    await waitUntil(confirmed, { timeoutMs: 20_000 });
    expect(await fulfillments(five)).toHaveLength(3);
  });
});
