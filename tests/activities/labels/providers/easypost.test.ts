import { describe, expect, it } from '@jest/globals';
import { forTheFile } from '../../../support/engine/for-the-file.ts';
import { startEasyPostServer } from '../../../support/fakes/label-servers.ts';
import { labelConformance } from './conformance/labels.ts';
import { remoteConformance } from './conformance/remote.ts';
import { aPurchase, aRating, faultOf, remoteHarness } from './harness.ts';

const easypost = forTheFile(() =>
  remoteHarness('easypost', startEasyPostServer, ({ method, path }) => method === 'POST' && path.endsWith('/buy')),
);

describe('EasyPost', () => {
  labelConformance(() => easypost);
  remoteConformance(() => easypost);

  it('refuses the second of two purchases at the same time itself, so that both have the same label', async () => {
    const { open, server } = easypost;
    const purchase = await aPurchase(open());
    const before = await server.ledger();

    const [one, two] = await Promise.all([open().buy(purchase), open().buy(purchase)]);

    expect(one).toEqual(two);
    expect((await server.ledger()).slice(before.length)).toHaveLength(1);
  });

  it('does not take a purchase without its label for one that was not made', async () => {
    const { open, proxy, server } = easypost;
    const provider = open();
    const purchase = await aPurchase(provider);
    await provider.buy(purchase);
    const authorization = `Basic ${Buffer.from(`${server.apiKey}:`).toString('base64')}`;
    const shown = await fetch(`${server.url}/v2/shipments/${purchase.shipmentId}`, { headers: { authorization } });
    const body = JSON.stringify({ ...((await shown.json()) as object), postage_label: null });
    proxy.answer({ status: 200, headers: { 'content-type': 'application/json' }, body }, { times: 1 });

    expect(await faultOf(provider.find(purchase))).toEqual({ kind: 'unknown_outcome' });
  });

  it('does not say that nothing was bought when it cannot read the label that is there', async () => {
    const { open, proxy } = easypost;
    const provider = open();
    const purchase = await aPurchase(provider);
    await provider.buy(purchase);
    proxy.refuse(503, { times: 1, matching: ({ method }) => method === 'GET' });

    expect(await faultOf(provider.buy(purchase))).toEqual({ kind: 'unknown_outcome' });
  });

  it('has one label for a shipment: another of its rates needs new rates', async () => {
    const provider = easypost.open();
    const { shipmentId, rates } = await provider.rate(aRating());
    const buyOf = (index: number) =>
      provider.buy({ shipmentId, rateId: rates[index]!.rateId, labelId: `lbl_rate_${index}`, insuredValue: null });
    await buyOf(0);
    const before = await easypost.server.ledger();

    expect(await faultOf(buyOf(1))).toEqual({ kind: 'refused', code: 'rate_expired' });
    expect(await easypost.server.ledger()).toEqual(before);
  });

  it('counts the fee of an insurance as cost', async () => {
    const provider = easypost.open();
    const purchase = await aPurchase(provider, { insuredValue: { amount: 20_000, currency: 'USD' } });

    const { cost } = await provider.buy(purchase);

    expect(cost).toEqual({ amount: 593 + 100, currency: 'USD' });
    const charge = (await easypost.server.ledger()).find(({ purchaseId }) => purchaseId === purchase.shipmentId);
    expect(charge?.minor).toBe(cost.amount);
  });

  it('insures in US dollars only', async () => {
    const asked = easypost.open().rate(aRating({ insuredValue: { amount: 100, currency: 'EUR' } }));

    expect(await faultOf(asked)).toEqual({ kind: 'refused', code: 'invalid_request' });
  });

  it('needs no refund where the carrier charges only what it scans', async () => {
    const { open, server } = easypost;
    const provider = open();
    const purchase = await aPurchase(provider);
    const { providerLabelId } = await provider.buy(purchase);
    await server.set({ refunds: 'not_applicable' });

    const status = await provider.refund({ shipmentId: purchase.shipmentId, providerLabelId });
    await server.set({ refunds: 'submitted' });

    expect(status).toBe('not_applicable');
  });

  it.each(['SHIPMENT.POSTAGE.TIMED_OUT', 'SHIPMENT.POSTAGE.NO_RESPONSE', 'SHIPMENT.PURCHASE.IN_PROGRESS'])(
    'does not know the outcome after %s',
    async (code) => {
      const { open, proxy, isPurchase } = easypost;
      const provider = open();
      const purchase = await aPurchase(provider);
      const body = JSON.stringify({ error: { code, message: 'x', errors: [] } });
      proxy.answer(
        { status: 422, headers: { 'content-type': 'application/json' }, body },
        { times: 1, matching: isPurchase },
      );

      expect(await faultOf(provider.buy(purchase))).toEqual({ kind: 'unknown_outcome' });
    },
  );

  it('sends ounces and inches rounded up, and totals to the customs', async () => {
    const { open, proxy } = easypost;
    const sent: Record<string, unknown>[] = [];
    const seen = proxy.watch({
      matching: ({ method, path, body }) => {
        if (method === 'POST' && path === '/v2/shipments') sent.push(JSON.parse(body) as Record<string, unknown>);
        return false;
      },
    });
    const mug = { sku: 'MUG', description: 'Mug', hsCode: '691200', originCountry: 'PT', weightGrams: 100 };
    const customs = [{ ...mug, quantity: 3, value: { amount: 1_250, currency: 'EUR' } }];

    await open().rate(
      aRating({
        customs,
        signature: 'signature',
        parcel: { weightGrams: 454, lengthMm: 254, widthMm: 100, heightMm: 1 },
      }),
    );
    seen.lift();

    expect(sent[0]).toMatchObject({
      shipment: {
        reference: expect.stringMatching(/^rat_/),
        parcel: { weight: 16.1, length: 10, width: 4, height: 0.1 },
        options: { label_format: 'PNG', label_size: '4x6', delivery_confirmation: 'SIGNATURE' },
        customs_info: {
          eel_pfc: 'NOEEI 30.37(a)',
          customs_items: [
            { quantity: 3, weight: 10.6, value: 37.5, currency: 'EUR', hs_tariff_number: '691200', code: 'MUG' },
          ],
        },
      },
    });
  });
});
