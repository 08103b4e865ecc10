import { expect, it } from '@jest/globals';
import { dataOf } from '../../clients/typescript/src/index.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aCompany, anApiChannel, aProduct, orderOf, placeOrder } from '../support/trade/trade.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

inBrowser('an invited supplier', () => {
  it('signs up by the link and ships its first order', async () => {
    const merchant = await aCompany(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, path: 'suppliers' });
    await page.getByRole('main').getByRole('button', { name: 'Invite supplier' }).first().click();
    await page.getByLabel('E-mail of the supplier').fill('kim@summit.example');
    await page.getByRole('button', { name: 'Send invitation' }).click();
    const link = await page.getByLabel('Link of the invitation').inputValue();
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /kim@summit.example .* Invited/ }).waitFor();

    const there = await portal.newPage();
    await there.goto(link);
    await there.getByRole('heading', { name: `Ship for ${merchant.name}` }).waitFor();
    await there.getByLabel('Your name').fill('Kim Park');
    await there.getByLabel('Name of your company').fill('Summit Supply');
    await there.getByLabel('Choose a password').fill('nine green bottles 7');
    await there.getByRole('button', { name: 'Accept invitation' }).click();
    await there.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();

    const supplierId = await waitUntil(async () => {
      const { data } = await dataOf(merchant.rest.api.GET('/v1/suppliers'));
      return data.find(({ name }) => name === 'Summit Supply')?.id;
    });
    const sku = await aProduct(merchant, { supplierId });
    const channelId = await anApiChannel(merchant);
    const order = await placeOrder(merchant, { channelId, number: '1001', lines: [{ sku, quantity: 2 }] });
    const row = there.getByRole('table').getByRole('link', { name: '1001' });
    // A Sync during a run is that run, which may have looked before this order came.
    await waitUntil(
      async () => {
        await there.getByRole('button', { name: /^Sync(ing…)?$/ }).click();
        await there.reload();
        await there.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
        return (await row.count()) > 0;
      },
      { timeoutMs: 30_000, everyMs: 500, what: 'the first order of the supplier' },
    );
    await row.click();
    await there.getByLabel('Tracking number', { exact: true }).fill('1Z12345E0205271688');
    await there.getByRole('button', { name: 'Ship 2 units' }).click();

    const shipped = await waitUntil(async () => {
      const now = await orderOf(merchant, order.id);
      return now.status === 'shipped' && now;
    });
    expect(shipped.shipments.map(({ trackingNumber }) => trackingNumber)).toEqual(['1Z12345E0205271688']);
    await page.goto(`/portal/${merchant.id}/orders/${order.id}`);
    await page.getByText('Summit Supply has shipped all of it.').waitFor();
  });
});
