import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { dataOf, type NewLabelAccount, type NewRating } from '../../../clients/typescript/src/index.ts';
import { keyed } from '../../support/engine/rest.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aPassedOrder, handedOver, orCode } from '../../support/trade/cancel-trade.ts';
import { aCompany, canary, orderOf, received, shipmentOf, type Company } from '../../support/trade/trade.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

const parcel = { weightGrams: 900, lengthMm: 250, widthMm: 200, heightMm: 120 };
const addressOf = (name: string) => ({ ...canary, name, address1: '5 Dock Road' });

const anAccountOf = async ({ rest }: Company, body: NewLabelAccount = { provider: 'test', name: 'Samples' }) =>
  (await dataOf(rest.api.POST('/v1/label-accounts', { body }))).id;

async function giveAddress({ rest, name }: Company): Promise<void> {
  const { data } = await dataOf(rest.api.GET('/v1/warehouses'));
  const { id } = data.find(({ supplierId }) => supplierId === null)!;
  await dataOf(rest.api.PATCH('/v1/warehouses/{id}', { params: { path: { id } }, body: { address: addressOf(name) } }));
}

const rate = ({ rest }: Company, orderId: string, { key, ...body }: Partial<NewRating> & { key?: string } = {}) =>
  dataOf(
    rest.api.POST('/v1/orders/{id}/rates', {
      params: { path: { id: orderId }, header: keyed(key) },
      body: { parcel, ...body },
    }),
  );
const check = ({ rest }: Company, id: string) =>
  dataOf(rest.api.POST('/v1/label-accounts/{id}/check', { params: { path: { id } } }));

/** What a history holds of ours: its inputs, results and failures, decoded. */
async function historyOf(workflowId: string): Promise<string> {
  const history = JSON.stringify(await world.client.workflow.getHandle(workflowId).fetchHistory());
  const payloads = [...history.matchAll(/"data":"([A-Za-z0-9+/=]*)"/g)].map(([, data]) => data!);
  return payloads.map((data) => Buffer.from(data, 'base64').toString()).join('\n');
}

describe('the rates of a received order', () => {
  it('are asked by the supplier: with its own account at a price, with a lent account without', async () => {
    const { merchant, supplier, trade } = traded;
    const { supplierOrderId, orderId } = await handedOver(traded);
    await giveAddress(supplier);
    const own = await anAccountOf(supplier);

    const paid = await rate(supplier, supplierOrderId);
    const lent = await anAccountOf(merchant);
    const body = { labelPolicy: 'merchant_pays', lentLabelAccountId: lent } as const;
    await dataOf(merchant.rest.api.PATCH('/v1/suppliers/{id}', { params: { path: { id: trade.supplierId } }, body }));
    const free = await rate(supplier, supplierOrderId);

    expect(paid).toMatchObject({ payer: 'account', labelAccountId: own, orderId: supplierOrderId });
    expect(paid.quotes.map(({ service, cost }) => [service, cost?.amount])).toEqual([
      ['Economy', 480],
      ['Standard', 720],
      ['Express', 1_920],
    ]);
    expect(free).toMatchObject({ payer: 'merchant', labelAccountId: null });
    expect(free.quotes.map(({ cost }) => cost)).toEqual([null, null, null]);
    expect(await orCode(rate(merchant, orderId))).toBe('order_dropshipped');
    expect(await orCode(rate(merchant, supplierOrderId))).toBe('order_not_found');
  });

  it('leave no address, price and key in a history', async () => {
    const { supplier, supplierOrderId } = { ...traded, ...(await handedOver(traded)) };

    const { id, quotes } = await rate(supplier, supplierOrderId);

    const history = await historyOf(`rating/${id}`);
    expect(quotes).toHaveLength(3);
    expect(history).toContain(supplierOrderId);
    expect(history).not.toMatch(/canary|quillfeather|peppercorn|dock road|\b480\b|test_rate/i);
  });

  it('are the same for the same key, and asked once', async () => {
    const { supplier, supplierOrderId } = { ...traded, ...(await handedOver(traded)) };
    const key = randomUUID();

    const [first, second] = [
      await rate(supplier, supplierOrderId, { key }),
      await rate(supplier, supplierOrderId, { key }),
    ];
    const other = { ...parcel, weightGrams: 901 };

    expect(second).toEqual(first);
    expect(await orCode(rate(supplier, supplierOrderId, { key, parcel: other }))).toBe('idempotency_key_reused');
  });
});

describe('a label account', () => {
  it('is tried at its provider', async () => {
    const company = await aCompany(world);

    expect(await check(company, await anAccountOf(company))).toEqual({ isTest: true, carriers: [] });
  });

  it('whose provider does not answer is refused with a code, and shown as failing', async () => {
    const company = await aCompany(world);
    const credentials = { apiKey: 'EZTKanonymous' };
    const id = await anAccountOf(company, { provider: 'easypost', name: 'Away', credentials });

    expect(await orCode(check(company, id))).toBe('label_provider_unreachable');

    const { data } = await dataOf(company.rest.api.GET('/v1/label-accounts'));
    expect(data[0]!.health).toMatchObject({ status: 'failing', code: 'label_provider_unreachable' });
  });
});

describe('the cost of a supplier’s label', () => {
  const labelCost = { amount: 593, currency: 'USD' };
  const shipped = async (trackingNumber: string) => {
    const { supplier, merchant } = traded;
    const { supplierOrderId } = await handedOver(traded, 1);
    const { id } = await dataOf(
      supplier.rest.api.POST('/v1/orders/{id}/shipments', {
        params: { path: { id: supplierOrderId }, header: keyed(undefined) },
        body: { carrier: 'ups', trackingNumber, labelCost },
      }),
    );
    const relayed = await waitUntil(() => shipmentOf(merchant, id).catch(() => undefined));
    return { own: (await shipmentOf(supplier, id)).labelCost, merchants: relayed.labelCost };
  };

  it('reaches the merchant only once the supplier shares it', async () => {
    const { supplier, trade } = traded;

    const before = await shipped('1Z999AA10123456784');
    const params = { path: { id: trade.portalId } };
    await dataOf(supplier.rest.api.PATCH('/v1/channels/{id}', { params, body: { sharesLabelCost: true } }));
    const after = await shipped('1Z999AA10123456785');

    expect(before).toEqual({ own: labelCost, merchants: null });
    expect(after).toEqual({ own: labelCost, merchants: labelCost });
  });

  it('goes one step up a chain: whom it was shared with does not share it further', async () => {
    const { shop, trader, factory, lower, order, passed } = await aPassedOrder(world);
    const share = ({ rest }: Company, id: string) =>
      dataOf(rest.api.PATCH('/v1/channels/{id}', { params: { path: { id } }, body: { sharesLabelCost: true } }));
    await share(factory, lower.portalId);
    await share(trader, passed.channelId);
    const dropshipId = await waitUntil(async () => (await orderOf(trader, passed.id)).dropship?.id);
    const last = await received(factory, { portalId: lower.portalId, dropshipId });

    const { id } = await dataOf(
      factory.rest.api.POST('/v1/orders/{id}/shipments', {
        params: { path: { id: last.id }, header: keyed(undefined) },
        body: { carrier: 'ups', trackingNumber: '1Z999AA10123456786', labelCost },
      }),
    );
    const shown = await waitUntil(async () => (await orderOf(shop, order.id)).shipments[0]);

    const passedOn = await waitUntil(async () => {
      const shipment = await shipmentOf(trader, id);
      return shipment.confirmedAt !== null && shipment;
    });
    expect(passedOn.labelCost).toEqual(labelCost);
    expect(shown).toMatchObject({ id, trackingNumber: '1Z999AA10123456786', labelCost: null });
  });
});
