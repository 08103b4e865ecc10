import { expect, it } from '@jest/globals';
import { oddPostalCodes } from '../../../../support/fakes/labels/simulator.ts';
import { aPurchase, aRating, customer, faultOf, type Harness } from '../harness.ts';

/** What each provider does. */
export function labelConformance(harness: () => Harness) {
  it('says whose credentials these are', async () => {
    const checked = await harness().open().check();

    expect(typeof checked.isTest).toBe('boolean');
    expect(checked.carriers).toEqual([...checked.carriers].sort());
  });

  it('gives rates with a price, and the same price for the same parcel', async () => {
    const provider = harness().open();

    const [first, second] = [await provider.rate(aRating()), await provider.rate(aRating())];

    expect(first.rates.length).toBeGreaterThan(1);
    expect(first.failures).toEqual([]);
    for (const { cost } of first.rates) expect(cost).toEqual({ amount: expect.any(Number), currency: 'USD' });
    const pricesOf = ({ rates }: typeof first) => rates.map(({ service, cost }) => [service, cost.amount]);
    expect(pricesOf(second)).toEqual(pricesOf(first));
    expect(second.shipmentId).not.toBe(first.shipmentId);
  });

  it('asks more for a heavier parcel', async () => {
    const provider = harness().open();
    const cheapest = async (weightGrams: number) => {
      const { rates } = await provider.rate(
        aRating({ parcel: { weightGrams, lengthMm: 200, widthMm: 200, heightMm: 50 } }),
      );
      return Math.min(...rates.map(({ cost }) => cost.amount));
    };

    expect(await cheapest(4_000)).toBeGreaterThan(await cheapest(400));
  });

  it('gives no rate to an address that no carrier serves, and says so without the address', async () => {
    const to = { ...customer, postalCode: oddPostalCodes.noService };

    const { rates, failures } = await harness().open().rate(aRating({ to }));

    expect(rates).toEqual([]);
    expect(failures).toEqual([{ carrier: expect.any(String), reason: expect.any(String) }]);
    const said = JSON.stringify(failures);
    for (const personal of [to.name, to.address1, to.postalCode]) expect(said).not.toContain(personal);
  });

  it('buys a label for the price of its rate, once, however often it is asked to', async () => {
    const provider = harness().open();
    const request = aRating();
    const { shipmentId, rates } = await provider.rate(request);
    const rate = rates[1]!;
    const purchase = { shipmentId, rateId: rate.rateId, labelId: `lbl_${request.reference}`, insuredValue: null };

    const bought = await provider.buy(purchase);
    const [again, found] = [await provider.buy(purchase), await provider.find(purchase)];

    expect(bought).toMatchObject({
      carrier: rate.carrier,
      carrierName: rate.carrierName,
      service: rate.service,
      cost: rate.cost,
    });
    expect(bought.trackingNumber).toMatch(/^[A-Z0-9]{10,}$/);
    expect([again, found]).toEqual([bought, bought]);
  });

  it('gives two labels two numbers', async () => {
    const provider = harness().open();

    const numbers = [await provider.buy(await aPurchase(provider)), await provider.buy(await aPurchase(provider))].map(
      ({ trackingNumber }) => trackingNumber,
    );

    expect(new Set(numbers).size).toBe(2);
  });

  it('has no label for a rate that it did not give', async () => {
    const provider = harness().open();
    const purchase = await aPurchase(provider);

    const fault = await faultOf(provider.buy({ ...purchase, rateId: 'rate_of_nobody' }));

    expect(fault).toEqual({ kind: 'refused', code: 'rate_expired' });
  });

  it('gives the page as a PNG of 4 by 6 inches at 300 dpi, the same bytes each time', async () => {
    const provider = harness().open();
    const bought = await provider.buy(await aPurchase(provider));

    const [page, again] = [await provider.fetchLabel(bought), await provider.fetchLabel(bought)];

    expect(page.mediaType).toBe('image/png');
    const header = Buffer.from(page.bytes);
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([1_200, 1_800]);
    expect(again.bytes).toEqual(page.bytes);
  });

  it('pays the money back when it is asked to, also when it is asked again', async () => {
    const provider = harness().open();
    const purchase = await aPurchase(provider);
    const { providerLabelId } = await provider.buy(purchase);
    const label = { shipmentId: purchase.shipmentId, providerLabelId };

    const statuses = [await provider.refund(label), await provider.refund(label), await provider.refundStatus(label)];

    expect(['submitted', 'refunded']).toContain(statuses[0]);
    expect(new Set(statuses).size).toBe(1);
  });

  it('insures, asks for a signature and declares the goods abroad', async () => {
    const provider = harness().open();
    const to = {
      name: 'Tom Marks',
      address1: '159 Broadhurst Gardens',
      city: 'London',
      postalCode: 'NW6 3AU',
      country: 'GB',
    };
    const mug = { sku: 'MUG', description: 'Mug', hsCode: '691200', originCountry: 'PT', weightGrams: 200 };
    const customs = [{ ...mug, quantity: 2, value: { amount: 1_250, currency: 'USD' } }];
    const insuredValue = { amount: 10_000, currency: 'USD' };

    const bought = await provider.buy(await aPurchase(provider, { to, customs, insuredValue, signature: 'adult' }));

    expect(bought.cost.amount).toBeGreaterThan(0);
  });
}
