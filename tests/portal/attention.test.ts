import { expect, it } from '@jest/globals';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { parkedPushes } from '../support/trade/parked-pushes.ts';
import { aCompany, anApiChannel, aProduct, shipmentOf, type Company } from '../support/trade/trade.ts';
import { callingBack } from '../support/trade/trading-world.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const endpoint = forTheFile(startCallbackShop);
const portal = openPortal({
  // Known once the endpoint listens.
  get allowedHosts() {
    return [endpoint.host];
  },
});

/** Orders whose parcels the merchant's shop did not take; it would now. */
async function refused(count: number) {
  const merchant = await aCompany(portal.world);
  const channelId = await anApiChannel(merchant, callingBack(endpoint));
  const sku = await aProduct(merchant);
  await endpoint.answer('gone');
  const shipments = await parkedPushes(merchant, { channelId, sku, count });
  await endpoint.answer('ok');
  const { data } = await merchant.rest.get<{ data: { orderNumber: string }[] }>('/attentions');
  return { merchant, shipments, numbers: data.map(({ orderNumber }) => orderNumber) };
}

const isConfirmed = async (merchant: Company, id: string) => (await shipmentOf(merchant, id)).confirmedAt !== null;

inBrowser('what waits for a decision', () => {
  it('goes on once a person decides, and leaves the page', async () => {
    const { merchant, shipments, numbers } = await refused(1);
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: 'attention' });

    const row = page.getByRole('row', { name: new RegExp(`^${numbers[0]} `) });
    await row.waitFor();
    await expectNoViolations(page);
    await row.getByRole('button', { name: /^Try again/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Try again' });
    await dialog.getByLabel('Why').selectOption('It is fixed where it came from');
    await dialog.getByLabel(/^Note/).fill('The shop works again');
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    await waitUntil(() => isConfirmed(merchant, shipments[0]!));
    await expectNoViolations(page);
  });

  it('is decided all at once by its cause, n of m', async () => {
    const { merchant, shipments } = await refused(3);
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: 'attention' });

    await page.getByRole('button', { name: 'Try again: all 3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again: all 3' }).click();

    await page.getByText('3 of 3 decided.').or(page.getByText('Nothing waits for you')).first().waitFor();
    await waitUntil(async () => (await Promise.all(shipments.map((id) => isConfirmed(merchant, id)))).every(Boolean));
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  });

  it('is shown of one order on a phone, without buttons to who may only read', async () => {
    const { merchant, numbers } = await refused(2);
    const page = await portal.newPage(phone);
    await portal.signIn(page, { account: merchant.id, role: 'viewer', path: `attention?q=${numbers[0]}` });

    await page.getByRole('listitem').getByRole('link', { name: numbers[0]!, exact: true }).waitFor();
    expect(await page.getByRole('link', { name: numbers[1]!, exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /Try again/ }).count()).toBe(0);
    await expectNoViolations(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.getByRole('link', { name: 'Show all that waits' }).click();
    await page.getByRole('listitem').getByRole('link', { name: numbers[1]!, exact: true }).waitFor();
  });
});
