import { expect, it } from '@jest/globals';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { parkedPushes } from '../support/trade/parked-pushes.ts';
import { aCompany, anApiChannel, aProduct, orderOf, shipmentOf } from '../support/trade/trade.ts';
import { callingBack } from '../support/trade/trading-world.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const endpoint = forTheFile(startCallbackShop);
const portal = openPortal({
  // Known once the endpoint listens.
  get allowedHosts() {
    return [endpoint.host];
  },
});

inBrowser('the page of support', () => {
  it('finds an order of any account by its number, with its workflow, and tries many again', async () => {
    const [own, merchant] = [await aCompany(portal.world), await aCompany(portal.world)];
    const channelId = await anApiChannel(merchant, callingBack(endpoint));
    const sku = await aProduct(merchant);
    await endpoint.answer('gone');
    const shipments = await parkedPushes(merchant, { channelId, sku, count: 2 });
    const { orderId } = await shipmentOf(merchant, shipments[0]!);
    const { number } = await orderOf(merchant, orderId);
    const staff = await portal.aPerson([{ account: own.id, role: 'viewer' }], true);
    const page = await portal.newPage();
    await portal.signIn(page, { account: own.id, person: staff });
    await page.goto('/portal/support');

    await page.getByLabel('Find an order of any account').fill(number);
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await page
      .getByRole('table', { name: `Orders with the number ${number}` })
      .getByRole('row', { name: new RegExp(`${number} ${merchant.name}`) })
      .waitFor();
    await page.getByLabel('Every account').selectOption(merchant.id);
    const list = page.getByRole('table', { name: 'Attention' });
    const workflow = list.getByRole('link', { name: `Open workflow: ${number}` });
    expect(await workflow.getAttribute('href')).toContain('http://temporal.test/');
    await expectNoViolations(page);
    await endpoint.answer('ok');
    await list.getByLabel('Choose all shown').check();
    await page.getByRole('button', { name: 'Try 2 cases again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Try 2 cases again' }).click();

    await page.getByText('2 of 2 decided.').waitFor();
    await waitUntil(async () =>
      (await Promise.all(shipments.map((id) => shipmentOf(merchant, id)))).every(({ confirmedAt }) => confirmedAt),
    );
  });

  it('is not there for others', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, role: 'admin' });

    await page.goto('/portal/support');

    await page.getByRole('heading', { name: 'This page is not here' }).waitFor();
    expect(await page.getByRole('searchbox').count()).toBe(0);
    await expectNoViolations(page);
  });
});
