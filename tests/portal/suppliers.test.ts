import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { dataOf } from '../../clients/typescript/src/index.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  orderOf,
  placeOrder,
  received,
} from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

async function aPair() {
  const merchant = await aCompany(portal.world);
  const supplier = await aCompany(portal.world);
  return { merchant, supplier, ...(await aConnection(portal.world, merchant, supplier)) };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

inBrowser('the suppliers of a merchant', () => {
  it('get old orders only when a person chooses them after the dry run', async () => {
    const { merchant, supplier, supplierId, portalId } = await aPair();
    const channelId = await anApiChannel(merchant);
    const sku = await aProduct(merchant, { supplierId, fulfillmentType: 'dropshippable' });
    const [first, second] = [
      await placeOrder(merchant, { channelId, number: '1001', lines: [{ sku, quantity: 2 }] }),
      await placeOrder(merchant, { channelId, number: '1002', lines: [{ sku, quantity: 1 }] }),
    ];
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `suppliers/${supplierId}` });

    const list = page.getByRole('table', { name: 'Go live' });
    await list.getByRole('row', { name: /1001 .* 2 × / }).waitFor();
    await expectNoViolations(page);
    await list.getByLabel('Choose all shown').check();
    // Meanwhile somebody cancels one of the two.
    await dataOf(
      merchant.rest.api.POST('/v1/orders/{id}/cancel', {
        params: { path: { id: second.id } },
        body: { reason: 'duplicate' },
      }),
    );
    await button(page, 'Hand on 2 orders').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/it would ship twice/).waitFor();
    await dialog.getByRole('button', { name: 'Hand on 2 orders' }).click();
    await page.getByText('1 order handed on, 1 order not.').waitFor();
    await page.getByRole('alert').getByText('1002').waitFor();
    await page.getByText('No order to hand on').waitFor();

    const { dropship } = await orderOf(merchant, first.id);
    const theirs = await received(supplier, { portalId, dropshipId: dropship!.id });
    expect(theirs).toMatchObject({ number: '1001', lines: [{ quantity: 2 }] });
  });

  it('see what a merchant shares, by its names for shipping methods', async () => {
    const { merchant, supplier, supplierId, portalId } = await aPair();
    const page = await portal.newPage(phone);
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `suppliers/${supplierId}` });

    await page.getByRole('switch', { name: /^Phone/ }).waitFor();
    await expectNoViolations(page);
    await page.getByRole('switch', { name: /^Phone/ }).click();
    await page.getByText('sees it from the next order on: Phone').waitFor();
    await button(page, 'Add method').click();
    await page.getByLabel('Your method 1', { exact: true }).fill('standard');
    await page.getByLabel('Their method 1', { exact: true }).fill('ground');
    await button(page, 'Save methods').click();
    await page.getByText('Shipping methods saved').waitFor();

    const sku = await aProduct(merchant, { supplierId });
    const channelId = await anApiChannel(merchant);
    const { dropship } = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 1 }] });
    const theirs = await received(supplier, { portalId, dropshipId: dropship!.id });
    expect(theirs).toMatchObject({ shippingMethod: 'ground', shipTo: { phone: '+1 555 010 7788' } });
    expect(theirs.shipTo.email).toBeUndefined();
  });

  it('are accepted, paused, resumed and ended', async () => {
    const merchant = await aCompany(portal.world);
    const supplier = await aCompany(portal.world);
    const body = { merchantAccountId: merchant.id };
    const { id } = await dataOf(supplier.rest.api.POST('/v1/connections', { body }));
    const statusOf = async () => {
      const { status } = await dataOf(merchant.rest.api.GET('/v1/connections/{id}', { params: { path: { id } } }));
      return status;
    };
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, path: 'suppliers' });

    await button(page, `Accept ${supplier.name}`).click();
    await waitUntil(async () => (await statusOf()) === 'active');
    await page.getByRole('table').getByText('Connected', { exact: true }).last().waitFor();
    // Its page is there once it is set up.
    const link = page.getByRole('table').getByRole('link', { name: supplier.name });
    await waitUntil(async () => {
      await page.reload();
      await page.getByRole('table').waitFor();
      return (await link.count()) === 1;
    });
    await link.click();
    await button(page, 'Pause').click();
    await button(page, 'Pause supplier').click();
    await button(page, 'Resume').waitFor();
    expect(await statusOf()).toBe('paused');
    await button(page, 'Resume').click();
    await button(page, 'Pause').waitFor();
    await button(page, 'End connection').click();
    const dialog = page.getByRole('dialog', { name: `End the connection with ${supplier.name}?` });
    await dialog.getByText('It cannot be taken back.', { exact: false }).waitFor();
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'End connection' }).click();
    await page.getByText('This connection has ended').waitFor();
    expect(await statusOf()).toBe('ended');
  });
});
