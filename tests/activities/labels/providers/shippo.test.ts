import { describe, expect, it } from '@jest/globals';
import { forTheFile } from '../../../support/engine/for-the-file.ts';
import { startShippoServer } from '../../../support/fakes/label-servers.ts';
import { labelConformance } from './conformance/labels.ts';
import { remoteConformance } from './conformance/remote.ts';
import { aPurchase, faultOf, remoteHarness } from './harness.ts';

const shippo = forTheFile(() =>
  remoteHarness(
    'shippo',
    startShippoServer,
    ({ method, path }) => method === 'POST' && path.startsWith('/transactions'),
  ),
);

describe('Shippo', () => {
  labelConformance(() => shippo);
  remoteConformance(() => shippo);

  it('does not find a purchase that is not listed yet: only a later look does', async () => {
    const { open, server, proxy, isPurchase } = shippo;
    const provider = open();
    const purchase = await aPurchase(provider);
    await server.set({ hiddenMs: 3_600_000 });
    proxy.dropAnswers({ times: 1, matching: isPurchase });

    const lost = await faultOf(provider.buy(purchase));
    await server.set({ hiddenMs: 0 });

    expect(lost).toEqual({ kind: 'unknown_outcome' });
    expect(await provider.find(purchase)).toBeNull();
    expect(provider.traits.refusesSecondPurchase).toBe(false);
  });

  it('has bought a label whose carrier has not answered yet; it is not bought again meanwhile', async () => {
    const { open, server } = shippo;
    const provider = open();
    const purchase = await aPurchase(provider);
    const before = await server.ledger();
    await server.set({ queues: true });

    const faults = [
      await faultOf(provider.buy(purchase)),
      await faultOf(provider.find(purchase)),
      await faultOf(provider.buy(purchase)),
    ];
    await server.finishQueued();
    const found = await provider.find(purchase);

    expect(faults).toEqual(faults.map(() => ({ kind: 'unknown_outcome' })));
    expect((await server.ledger()).slice(before.length)).toMatchObject([{ kind: 'charge', label: purchase.labelId }]);
    expect(found?.trackingNumber).toBe((await server.ledger()).at(-1)?.trackingNumber);
  });

  it('does not take a purchase without its label for one that was not made', async () => {
    const { open, proxy } = shippo;
    const provider = open();
    const purchase = await aPurchase(provider);
    const made = {
      object_id: 'a1',
      status: 'SUCCESS',
      rate: purchase.rateId,
      metadata: purchase.labelId,
      label_url: '',
    };
    const body = JSON.stringify({ next: null, previous: null, results: [made] });
    const listed = () =>
      proxy.answer({ status: 200, headers: { 'content-type': 'application/json' }, body }, { times: 1 });

    listed();
    const found = await faultOf(provider.find(purchase));
    listed();
    const bought = await faultOf(provider.buy(purchase));

    expect([found, bought]).toEqual([{ kind: 'unknown_outcome' }, { kind: 'unknown_outcome' }]);
  });

  it('sells the same rate again for another label', async () => {
    const provider = shippo.open();
    const purchase = await aPurchase(provider);

    const [one, two] = [
      await provider.buy(purchase),
      await provider.buy({ ...purchase, labelId: 'lbl_of_the_second' }),
    ];

    expect(two.trackingNumber).not.toBe(one.trackingNumber);
  });

  it('reads a purchase whose answer has values that the client does not know', async () => {
    const { open, proxy, isPurchase, server } = shippo;
    const provider = open();
    const purchase = await aPurchase(provider);
    const fileUrl = `${server.url}/files/1.png`;
    const answer = {
      object_id: 'a1',
      object_state: 'SOMETHING_NEW',
      status: 'SUCCESS',
      rate: purchase.rateId,
      tracking_number: '9400100000000000000001',
      tracking_status: { status: 'UNKNOWN', location: null },
      label_url: fileUrl,
      metadata: purchase.labelId,
      messages: [],
    };
    proxy.answer(
      { status: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) },
      { times: 1, matching: isPurchase },
    );

    const bought = await provider.buy(purchase);

    expect(bought).toMatchObject({
      providerLabelId: 'a1',
      trackingNumber: '9400100000000000000001',
      trackingUrl: null,
      fileUrl,
    });
  });

  it('does not ask for the money of a parcel that is on its way', async () => {
    const { open, server } = shippo;
    const provider = open();
    const purchase = await aPurchase(provider);
    const { providerLabelId, trackingNumber } = await provider.buy(purchase);
    await server.scan(trackingNumber);
    const before = await server.requests();

    const fault = await faultOf(provider.refund({ shipmentId: purchase.shipmentId, providerLabelId }));

    expect(fault).toEqual({ kind: 'refused', code: 'label_scanned' });
    expect((await server.requests()).slice(before.length)).toEqual([`GET /transactions/${providerLabelId}`]);
  });

  it('bears the label’s id, by which the purchase is found', async () => {
    const { open, server } = shippo;
    const provider = open();
    const purchase = await aPurchase(provider);

    await provider.buy(purchase);

    expect((await server.ledger()).at(-1)).toMatchObject({ kind: 'charge', label: purchase.labelId });
    expect(await provider.find({ ...purchase, labelId: 'lbl_of_another' })).toBeNull();
  });
});
