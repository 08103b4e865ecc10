import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { dataOf } from '../../clients/typescript/src/index.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  leavesOf,
  placeOrder,
  received,
} from '../support/trade/trade.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

/** A merchant whose MUG a supplier may ship, and whose RUG it ships itself. */
async function aShop() {
  const merchant = await aCompany(portal.world);
  const supplier = await aCompany(portal.world);
  const trade = await aConnection(portal.world, merchant, supplier);
  const channelId = await anApiChannel(merchant);
  const mug = await aProduct(merchant, { supplierId: trade.supplierId, fulfillmentType: 'dropshippable' });
  const rug = await aProduct(merchant);
  return { merchant, supplier, ...trade, channelId, mug, rug };
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');

inBrowser('a merchant with an order', () => {
  it('splits it, hands a part on, and asks to cancel; the supplier sees both', async () => {
    const { merchant, supplier, portalId, channelId, mug, rug } = await aShop();
    const lines = [
      { sku: mug, quantity: 3 },
      { sku: rug, quantity: 2 },
    ];
    const order = await placeOrder(merchant, { channelId, lines });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `orders/${order.id}` });

    await button(page, 'Split').click();
    await dialog(page).getByLabel(`Name of ${mug}: units in part 2`).fill('3');
    await expectNoViolations(page);
    await button(page, 'Split into 2 parts').click();
    await page.getByRole('link', { name: `${order.number}-1` }).waitFor();
    const leaves = await leavesOf(merchant, order.id);
    expect(leaves.map((leaf) => leaf.lines.map(({ sku, quantity }) => [sku, quantity]))).toEqual([
      [[rug, 2]],
      [[mug, 3]],
    ]);

    await page.getByRole('link', { name: `${order.number}-2` }).click();
    await button(page, 'Hand on to supplier').click();
    const crosses = dialog(page).getByRole('region', { name: `What ${supplier.name} sees` });
    // Nothing is shared yet, so the phone is among what is not sent.
    await crosses.getByText(/Not sent: Phone/).waitFor();
    await expectNoViolations(page);
    await button(page, `Hand on 3 units to ${supplier.name}`).click();
    await page.getByText(`${supplier.name} gets it with its next Import Orders.`).waitFor();

    const [, leaf] = await leavesOf(merchant, order.id);
    const theirs = await received(supplier, { portalId, dropshipId: leaf!.dropship!.id });
    await page.reload();
    await page.getByText(`${supplier.name} has the order. It has not said when it ships.`).waitFor();
    await button(page, 'Cancel units').click();
    await dialog(page).getByLabel(`Name of ${mug}: units to cancel`).fill('2');
    await dialog(page)
      .getByText(/it is asked to cancel/)
      .waitFor();
    await button(page, 'Ask to cancel 2 units').click();
    await page.getByText(`You asked ${supplier.name} to cancel 2 units`).waitFor();

    const there = await portal.newPage();
    await portal.signIn(there, { account: supplier.id, role: 'packer', path: `orders/${theirs.id}` });
    await there.getByRole('heading', { level: 1, name: `${order.number}-2` }).waitFor();
    await there.getByText(`${merchant.name} asks to cancel 2 units`).waitFor();
  });

  it('cancels what no supplier has at once, and changes the address before one has it', async () => {
    const { merchant, channelId, rug } = await aShop();
    const order = await placeOrder(merchant, { channelId, lines: [{ sku: rug, quantity: 2 }] });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `orders/${order.id}` });

    await button(page, 'Edit address').click();
    await dialog(page).getByLabel('Street and number').fill('48 Alder Street');
    await dialog(page).getByLabel('Country').selectOption('CA');
    await dialog(page).getByLabel('Note for your own people').fill('Pack with care.');
    await expectNoViolations(page);
    await button(page, 'Save address and notes').click();
    await page.getByText('Pack with care.').waitFor();

    await button(page, 'Cancel units').click();
    await dialog(page).getByLabel('Why').selectOption({ label: 'Ordered twice' });
    await button(page, 'Cancel 2 units').click();
    await page.getByRole('heading', { level: 1 }).locator('..').getByText('Cancelled').waitFor();
    const path = { id: order.id };
    const now = await dataOf(merchant.rest.api.GET('/v1/orders/{id}', { params: { path } }));
    expect(now).toMatchObject({
      status: 'cancelled',
      shipTo: { address1: '48 Alder Street', country: 'CA' },
      notes: { internal: 'Pack with care.' },
    });
  });

  it('has no button for a viewer', async () => {
    const { merchant, channelId, mug } = await aShop();
    const order = await placeOrder(merchant, { channelId, lines: [{ sku: mug, quantity: 1 }] });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'viewer', path: `orders/${order.id}` });

    await page.getByRole('heading', { level: 1, name: order.number }).waitFor();
    expect(await button(page, /Hand on|Split|Cancel|Edit address/).count()).toBe(0);
  });
});
