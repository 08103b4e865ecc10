import { describe, expect, it } from '@jest/globals';
import { sumOfKind } from '../../../../support/fakes/labels/ledger.ts';
import { oddPostalCodes } from '../../../../support/fakes/labels/simulator.ts';
import { noLabelUrls } from '../../../../support/fakes/no-labels.ts';
import { aPurchase, aRating, customer, errorOf, faultOf, type RemoteHarness } from '../harness.ts';

/** What each provider with a server does when money, carrier, credentials or the network say no. */
export function remoteConformance(harness: () => RemoteHarness) {
  describe('money', () => moneyConformance(harness));
  describe('refunds', () => refundConformance(harness));
  describe('credentials', () => credentialConformance(harness));
  describe('the network', () => networkConformance(harness));
}

function moneyConformance(harness: () => RemoteHarness) {
  it('charges what it says it charges', async () => {
    const { open, server } = harness();
    const before = await server.ledger();
    const provider = open();

    const costs = [await provider.buy(await aPurchase(provider)), await provider.buy(await aPurchase(provider))].map(
      ({ cost }) => cost.amount,
    );

    const charged = (await server.ledger()).slice(before.length);
    expect(charged.map(({ kind, minor }) => [kind, minor])).toEqual(costs.map((cost) => ['charge', cost]));
  });

  it.each([
    ['the address', oddPostalCodes.addressRefused, 'address_not_deliverable'],
    ['another reason of the carrier', oddPostalCodes.labelRefused, 'label_refused'],
  ])('refuses a purchase for %s, and charges nothing', async (_reason, postalCode, code) => {
    const { open, server } = harness();
    const provider = open();
    const purchase = await aPurchase(provider, { to: { ...customer, postalCode } });
    const before = await server.ledger();

    const error = await errorOf(provider.buy(purchase));

    expect(error.fault).toEqual({ kind: 'refused', code });
    expect(error.message).not.toContain(customer.address1);
    expect(await provider.find(purchase)).toBeNull();
    expect(await server.ledger()).toEqual(before);
  });

  it('says that the balance is too low, and buys once there is money', async () => {
    const { open, server } = harness();
    const provider = open();
    const purchase = await aPurchase(provider);
    await server.set({ balance: 100 });

    const fault = await faultOf(provider.buy(purchase));
    await server.set({ balance: null });
    const bought = await provider.buy(purchase);

    expect(fault).toEqual({ kind: 'refused', code: 'balance_too_low' });
    expect(bought.trackingNumber).not.toBe('');
  });

  it('claims no exemption from filing for goods that have none', async () => {
    const to = { ...customer, country: 'GB' };
    const ring = { sku: 'RING', description: 'Ring', hsCode: '711319', originCountry: 'US', weightGrams: 10 };
    const customs = (amount: number) => [
      { ...ring, quantity: 2, value: { amount, currency: 'USD' } },
      { ...ring, hsCode: '691200', quantity: 1, value: { amount: 240_000, currency: 'USD' } },
    ];
    const provider = harness().open();

    expect((await provider.rate(aRating({ to, customs: customs(125_000) }))).rates).not.toEqual([]);
    expect(await faultOf(provider.rate(aRating({ to, customs: customs(125_001) })))).toEqual({
      kind: 'refused',
      code: 'invalid_request',
    });
    expect(
      (await provider.rate(aRating({ to: { ...to, country: 'CA' }, customs: customs(999_999) }))).rates,
    ).not.toEqual([]);
  });

  it('refuses a parcel without weight', async () => {
    const parcel = { weightGrams: 0, lengthMm: 100, widthMm: 100, heightMm: 100 };

    expect(await faultOf(harness().open().rate(aRating({ parcel })))).toEqual({
      kind: 'refused',
      code: 'invalid_request',
    });
  });
}

function refundConformance(harness: () => RemoteHarness) {
  const bought = async (scan = false) => {
    const { open, server } = harness();
    const provider = open();
    const purchase = await aPurchase(provider);
    const { providerLabelId, trackingNumber, cost } = await provider.buy(purchase);
    if (scan) await server.scan(trackingNumber);
    return { provider, server, trackingNumber, cost, label: { shipmentId: purchase.shipmentId, providerLabelId } };
  };

  it('has none before it is asked for; then it is submitted, and the money comes back later', async () => {
    const { provider, server, label, cost, trackingNumber } = await bought();

    const before = await provider.refundStatus(label);
    const asked = await provider.refund(label);
    const unpaid = (await server.ledger()).filter((entry) => entry.trackingNumber === trackingNumber);
    await server.endRefunds('refunded');
    const after = await provider.refundStatus(label);

    expect([before, asked, after]).toEqual(['none', 'submitted', 'refunded']);
    expect(sumOfKind(unpaid, 'refund')).toBe(0);
    const paid = (await server.ledger()).filter((entry) => entry.trackingNumber === trackingNumber);
    expect(sumOfKind(paid, 'refund')).toBe(cost.amount);
  });

  it('is asked for again after it was rejected', async () => {
    const { provider, server, label } = await bought();
    await provider.refund(label);
    await server.endRefunds('rejected');

    const rejected = await provider.refundStatus(label);
    const again = await provider.refund(label);

    expect([rejected, again]).toEqual(['rejected', 'submitted']);
  });

  it('is refused when the carrier has the parcel', async () => {
    const { provider, server, label } = await bought(true);
    const before = await server.ledger();

    expect(await faultOf(provider.refund(label))).toEqual({ kind: 'refused', code: 'label_scanned' });
    expect(await server.ledger()).toEqual(before);
  });

  it('is asked for once, though its answer is lost', async () => {
    const { provider, server, label, trackingNumber } = await bought();
    await server.set({ refunds: 'refunded' });
    harness().proxy.dropAnswers({ times: 1, matching: ({ method, path }) => method === 'POST' && /refund/.test(path) });

    const lost = await faultOf(provider.refund(label));
    const again = await provider.refund(label);
    await server.set({ refunds: 'submitted' });

    expect([lost, again]).toEqual([{ kind: 'unavailable' }, 'refunded']);
    const refunds = (await server.ledger()).filter(
      (entry) => entry.kind === 'refund' && entry.trackingNumber === trackingNumber,
    );
    expect(refunds).toHaveLength(1);
  });
}

function credentialConformance(harness: () => RemoteHarness) {
  it.each([[null], [{}], [{ apiKey: '' }], [{ apiKey: 7 }], ['key']])(
    'refuses credentials of another shape: %j',
    async (credentials) => {
      const opened = async () => harness().open({ credentials }).check();

      // `null` stands for itself here: the harness's own credentials are not meant.
      expect(await faultOf(credentials === null ? nothingOpened(harness()) : opened())).toEqual({
        kind: 'auth_failed',
      });
    },
  );

  it('says in each call that a key is revoked', async () => {
    const { open, server } = harness();
    const provider = open();
    const purchase = await aPurchase(provider);
    const { providerLabelId } = await provider.buy(purchase);
    const label = { shipmentId: purchase.shipmentId, providerLabelId };
    await server.revoke(server.apiKey);

    const calls = [
      () => provider.check(),
      () => provider.rate(aRating()),
      () => provider.buy(purchase),
      () => provider.find(purchase),
      () => provider.refund(label),
      () => provider.refundStatus(label),
    ];
    const faults = [];
    for (const call of calls) faults.push(await faultOf(call()));
    await server.revoke(server.apiKey, false);

    expect(faults).toEqual(calls.map(() => ({ kind: 'auth_failed' })));
  });

  it('never takes the shipment of another account for one without a label', async () => {
    const { open, server } = harness();
    const provider = open();
    const purchase = await aPurchase(provider);
    const { providerLabelId } = await provider.buy(purchase);
    const stranger = open({ credentials: { apiKey: server.otherKey } });
    const before = await server.ledger();

    expect(await faultOf(stranger.refundStatus({ shipmentId: purchase.shipmentId, providerLabelId }))).toEqual({
      kind: 'auth_failed',
    });
    expect(await faultOf(stranger.buy(purchase))).toMatchObject({ kind: 'refused' });
    expect(await server.ledger()).toEqual(before);
  });

  it('knows a key for tests', async () => {
    const { open, server } = harness();

    expect(await open({ credentials: { apiKey: server.testKey } }).check()).toMatchObject({ isTest: true });
    expect(await open().check()).toEqual({ isTest: false, carriers: ['ups', 'usps'] });
  });
}

const nothingOpened = async ({ open }: RemoteHarness) => open({ credentials: false }).check();

function networkConformance(harness: () => RemoteHarness) {
  it('does not know the outcome when the answer to a purchase is lost; then it finds the label, bought once', async () => {
    const { open, proxy, server, isPurchase } = harness();
    const provider = open();
    const purchase = await aPurchase(provider);
    const before = await server.ledger();
    proxy.dropAnswers({ times: 1, matching: isPurchase });

    const lost = await faultOf(provider.buy(purchase));
    const found = await provider.find(purchase);
    const again = await provider.buy(purchase);

    expect(lost).toEqual({ kind: 'unknown_outcome' });
    expect(again).toEqual(found);
    const charged = (await server.ledger()).slice(before.length);
    expect(charged.map(({ trackingNumber }) => trackingNumber)).toEqual([found!.trackingNumber]);
  });

  it.each(['failAnswers', 'answerHtml', 'cut'] as const)(
    'does not know the outcome of a purchase after %s',
    async (fault) => {
      const { open, proxy, isPurchase } = harness();
      const provider = open();
      const purchase = await aPurchase(provider);
      proxy[fault]({ times: 1, matching: isPurchase });

      expect(await faultOf(provider.buy(purchase))).toEqual({ kind: 'unknown_outcome' });
    },
  );

  it('knows that nothing was bought where no one listens, or too much was asked', async () => {
    const { open, proxy, server, isPurchase } = harness();
    const provider = open();
    const purchase = await aPurchase(provider);
    const before = await server.ledger();
    proxy.limitRate(17, { times: 1, matching: isPurchase });

    const limited = await faultOf(provider.buy(purchase));
    const nobody = await faultOf(open({ urls: noLabelUrls }).buy(purchase));

    expect(limited).toEqual({ kind: 'rate_limited', retryAfter: 17 });
    expect(nobody).toEqual({ kind: 'unavailable' });
    expect(await provider.find(purchase)).toBeNull();
    expect(await server.ledger()).toEqual(before);
  });

  it.each(['dropAnswers', 'failAnswers', 'refuse', 'answerHtml', 'cut'] as const)(
    'can be asked again for rates, a label and a refund after %s',
    async (fault) => {
      const { open, proxy } = harness();
      const provider = open();
      const purchase = await aPurchase(provider);
      const { providerLabelId } = await provider.buy(purchase);
      const label = { shipmentId: purchase.shipmentId, providerLabelId };
      const once = () => (fault === 'refuse' ? proxy.refuse(503, { times: 1 }) : proxy[fault]({ times: 1 }));

      for (const call of [
        () => provider.check(),
        () => provider.rate(aRating()),
        () => provider.find(purchase),
        () => provider.refundStatus(label),
        () => provider.refund(label),
      ]) {
        once();
        expect(await faultOf(call())).toEqual({ kind: 'unavailable' });
        expect(await call()).toBeDefined();
      }
    },
  );

  it('does not follow a redirect, which would take the key to another server', async () => {
    const { open, proxy, server } = harness();
    const redirect = () =>
      proxy.answer({ status: 302, headers: { location: `${server.url}/elsewhere` } }, { times: 1 });
    const before = await server.requests();
    redirect();

    expect(await faultOf(open().check())).toEqual({ kind: 'unavailable' });
    expect(await server.requests()).toEqual(before);
  });

  it('ends with the caller, whose reason passes', async () => {
    const { open, proxy } = harness();
    const caller = new AbortController();
    const { met } = proxy.hang({ times: 1 });

    const call = open({ signal: caller.signal }).check();
    await met;
    caller.abort(new Error('The worker ends.'));

    await expect(call).rejects.toThrow('The worker ends.');
    // Far below the client's own limit of time.
  }, 10_000);

  it('fetches a label only from a public address', async () => {
    const { open } = harness();
    const provider = open();
    const bought = await provider.buy(await aPurchase(provider));

    expect(await faultOf(open({ allowedHosts: [] }).fetchLabel(bought))).toEqual({ kind: 'unavailable' });
    expect((await provider.fetchLabel(bought)).mediaType).toBe('image/png');
  });

  it('takes nothing for a label but a PNG or a PDF, and says when the link is dead', async () => {
    const { open, server, proxy } = harness();
    const provider = open({ allowedHosts: [server.host, proxy.host] });
    const bought = await provider.buy(await aPurchase(provider));
    const fileUrl = bought.fileUrl.replace(server.host, proxy.host);
    const asPage = (body: string, status = 200) => proxy.answer({ status, body }, { times: 1 });

    asPage('<html>');
    const html = await faultOf(provider.fetchLabel({ fileUrl }));
    asPage('<Error>expired</Error>', 403);
    const dead = await faultOf(provider.fetchLabel({ fileUrl }));
    asPage('%PDF-1.7 …');
    const pdf = await provider.fetchLabel({ fileUrl });

    expect([html, dead]).toEqual([{ kind: 'unavailable' }, { kind: 'unavailable' }]);
    expect(pdf.mediaType).toBe('application/pdf');
  });
}
