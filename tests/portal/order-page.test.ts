import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { aTradedSku, cancel, handedOver, handedOverMany, type TradedSku } from '../support/trade/cancel-trade.ts';
import { orderOf, type Company, type OrderAnswer } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

const tracking = '1Z999AA10123456784';
const trackingField = (page: Page): Locator => page.getByLabel('Tracking number', { exact: true });
const statusOf = (page: Page, status: string): Locator =>
  page.getByRole('heading', { level: 1 }).locator('..').getByText(status, { exact: true });

/** An order that its supplier has received, on both sides. */
async function anOrder(traded: TradedSku, quantity: number) {
  const { seen } = await handedOver(traded, quantity);
  const [order, supplierOrder] = await seen();
  return { order, supplierOrder };
}

/** An order with its supplier, and the page of it. */
async function anOrderPage(quantity: number, options = {}, role: 'admin' | 'packer' | 'viewer' = 'packer') {
  const traded = await aTradedSku(portal.world);
  const both = await anOrder(traded, quantity);
  const page = await portal.newPage(options);
  const path = `orders/${both.supplierOrder.id}`;
  await portal.signIn(page, { account: traded.supplier.id, role, path });
  await page.getByRole('heading', { level: 1, name: both.supplierOrder.number }).waitFor();
  return { ...traded, ...both, page, path };
}

const shipmentsOf = async (company: Company, order: OrderAnswer) => (await orderOf(company, order.id)).shipments;

inBrowser('the page of an order', () => {
  it('records one shipment, whatever is pressed in two tabs', async () => {
    const { page, path, supplier, supplierOrder, merchant, order } = await anOrderPage(2);
    const other = await page.context().newPage();
    await other.goto(`/portal/${supplier.id}/${path}`);
    await trackingField(page).fill(tracking);
    await trackingField(other).fill(tracking);

    await trackingField(page).press('Enter');
    await trackingField(page).press('Enter');
    await trackingField(other).press('Enter');

    await statusOf(page, 'Shipped').waitFor();
    await statusOf(other, 'Shipped').waitFor();
    expect(await shipmentsOf(supplier, supplierOrder)).toMatchObject([{ trackingNumber: tracking }]);
    await waitUntil(async () => (await shipmentsOf(merchant, order)).length === 1);
  });

  it('records it once after the service was away and its answer was lost', async () => {
    const { page, supplier, supplierOrder } = await anOrderPage(1);
    portal.forgive(/Failed to load resource: net::ERR_/);
    const keys: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/shipments'))
        keys.push(request.headers()['idempotency-key']);
    });
    await trackingField(page).fill(tracking);
    await page.getByText('A number of UPS.').waitFor();
    let isFirst = true;
    await page.route('**/v1/**', async (route) => {
      // The first shipment arrives, and nobody hears of it. Then the service is away.
      if (isFirst && route.request().url().endsWith('/shipments')) {
        isFirst = false;
        await route.fetch();
      }
      await route.abort();
    });

    await trackingField(page).press('Enter');
    await page.getByText('The service does not answer. Check your connection, then try again.').waitFor();
    await page
      .getByText(/^Shown as of .* The service does not answer\./)
      .first()
      .waitFor();
    await page.unrouteAll();
    await trackingField(page).press('Enter');

    await statusOf(page, 'Shipped').waitFor();
    expect(await shipmentsOf(supplier, supplierOrder)).toHaveLength(1);
    expect(keys.length).toBeGreaterThan(4);
    expect(new Set(keys).size).toBe(1);
    await page.getByText(/^Shown as of /).waitFor({ state: 'detached' });
  });

  it('shows a cancel request to both sides, and takes the supplier’s consent', async () => {
    const { page, merchant, order, supplierOrder, supplier } = await anOrderPage(3);
    const seller = await portal.newPage();
    await portal.signIn(seller, { account: merchant.id, path: `orders/${order.id}` });
    await statusOf(seller, 'With supplier').waitFor();

    await cancel(merchant, order.id);
    await page.getByText(`${merchant.name} asks to cancel this order`).waitFor();
    await seller.getByText(`You asked ${supplier.name} to cancel 3 units`).waitFor();
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Accept', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Ship 0 units$/, disabled: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel 3 units' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 3 units' }).click();

    await statusOf(page, 'Cancelled').waitFor();
    await statusOf(seller, 'Cancelled').waitFor();
    expect((await orderOf(supplier, supplierOrder.id)).lines).toMatchObject([{ cancelled: 3, shipped: 0 }]);
  });

  it('records what left before the cancel request, and both sides see it shipped', async () => {
    const { page, merchant, order } = await anOrderPage(2);
    const seller = await portal.newPage();
    await portal.signIn(seller, { account: merchant.id, path: `orders/${order.id}` });
    await cancel(merchant, order.id);
    await page.getByText('asks to cancel this order').waitFor();

    await page.getByLabel(/units in this parcel$/).fill('2');
    await trackingField(page).fill(tracking);
    await page.getByRole('button', { name: 'Ship 2 units' }).click();

    await statusOf(page, 'Shipped').waitFor();
    await page.getByText('asks to cancel').waitFor({ state: 'detached' });
    await statusOf(seller, 'Shipped').waitFor();
    await seller.getByRole('link', { name: tracking }).waitFor();
    await waitUntil(async () => (await orderOf(merchant, order.id)).cancelRequestedAt === null);
  });

  it('ships in several shipments, corrects one and voids another', async () => {
    const { page, supplier, supplierOrder, merchant, order } = await anOrderPage(3);
    await page.getByLabel(/units in this parcel$/).fill('1');
    await trackingField(page).fill(tracking);
    await page.getByRole('button', { name: 'Ship 1 unit' }).click();
    await statusOf(page, 'Partly shipped').waitFor();
    await page.getByRole('button', { name: 'No tracking number?' }).click();
    await page.getByRole('menuitem', { name: 'Letter or own van' }).click();
    await page.getByRole('button', { name: 'Ship 2 units' }).click();
    await statusOf(page, 'Shipped').waitFor();
    expect(await shipmentsOf(supplier, supplierOrder)).toMatchObject([
      { method: 'tracked', lines: [{ quantity: 1 }] },
      { method: 'untracked', lines: [{ quantity: 2 }] },
    ]);

    await page.getByRole('button', { name: `Correct parcel ${tracking}` }).click();
    await page.getByRole('dialog').getByLabel('Tracking number', { exact: true }).fill('1Z12345E0205271688');
    await page.getByRole('dialog').getByLabel('Tracking number', { exact: true }).press('Enter');
    await page.getByRole('link', { name: '1Z12345E0205271688' }).waitFor();
    await page.getByRole('button', { name: 'Void parcel 1Z12345E0205271688' }).click();
    await expectNoViolations(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Void parcel' }).click();
    await statusOf(page, 'Partly shipped').waitFor();

    await waitUntil(async () => {
      const [first, second] = await shipmentsOf(merchant, order);
      return (
        first?.status === 'voided' && first.trackingNumber === '1Z12345E0205271688' && second?.status === 'recorded'
      );
    });
  });

  it('promises a day to the merchant, and rejects with a reason', async () => {
    const { page, merchant, order } = await anOrderPage(1);
    await page.getByRole('button', { name: 'Accept with a date' }).click();
    await page.getByRole('menuitem', { name: 'Ships tomorrow' }).click();
    await statusOf(page, 'Accepted').waitFor();
    const promised = await orderOf(merchant, order.id);
    expect(promised.dropship?.status).toBe('accepted');
    expect(Date.parse(promised.dropship?.expectedShipAt ?? '')).toBeGreaterThan(Date.now());

    await page.getByRole('button', { name: 'Reject' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').selectOption('Out of stock');
    await dialog.getByRole('button', { name: 'Reject order' }).click();
    await statusOf(page, 'Cancelled').waitFor();
    await waitUntil(async () => (await orderOf(merchant, order.id)).attention?.code === 'rejected_by_supplier');
  });

  it('has no control for a viewer', async () => {
    const { page, supplier } = await anOrderPage(2, {}, 'viewer');
    await page.getByRole('table', { name: 'Items' }).waitFor();
    await expectNoViolations(page);
    for (const name of [/^Ship \d/, /^Accept/, /^Reject/])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    expect(await trackingField(page).count()).toBe(0);

    await page.goto(`/portal/${supplier.id}/orders`);
    await page.getByLabel('Choose all shown').check();
    await page.getByText('1 order chosen').waitFor();
    for (const name of [/^Accept/, /^Reject/]) expect(await page.getByRole('button', { name }).count()).toBe(0);
  });

  it('ships on a phone', async () => {
    const traded = await aTradedSku(portal.world);
    const { supplierOrder } = await anOrder(traded, 2);
    const page = await portal.newPage(phone);
    await portal.signIn(page, { account: traded.supplier.id, role: 'packer' });
    const isSideways = () => page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');
    await page.getByRole('list', { name: 'Orders' }).getByRole('link', { name: supplierOrder.number }).waitFor();
    await expectNoViolations(page);
    expect(await isSideways()).toBe(false);

    const box = page.getByRole('checkbox', { name: `Choose order ${supplierOrder.number}` });
    await box.tap();
    await page.getByText('1 order chosen').waitFor();
    await expectNoViolations(page);
    expect(await isSideways()).toBe(false);
    await box.tap();
    await page.getByRole('list', { name: 'Orders' }).getByRole('link', { name: supplierOrder.number }).tap();
    await trackingField(page).fill(tracking);
    await expectNoViolations(page);
    expect(await isSideways()).toBe(false);
    await page.getByRole('button', { name: 'Ship 2 units' }).tap();

    await statusOf(page, 'Shipped').waitFor();
    expect(await shipmentsOf(traded.supplier, supplierOrder)).toHaveLength(1);
  });

  it('is one page for an order that is missing and one of somebody else', async () => {
    const { page, merchant, order } = await anOrderPage(1);
    const foreign = await aTradedSku(portal.world);
    for (const id of [order.id, 'ord_nothing']) {
      await page.goto(page.url().replace(/[^/]+$/, id));
      await page.getByRole('heading', { name: 'This page is not here' }).waitFor();
    }
    expect(merchant.id).not.toBe(foreign.merchant.id);
  });
});

inBrowser('the queue', () => {
  it('accepts the chosen orders, and shows which could not be', async () => {
    const traded = await aTradedSku(portal.world);
    const pairs = await Promise.all((await handedOverMany(traded, 3)).map(({ seen }) => seen()));
    const orders = pairs.map(([order, supplierOrder]) => ({ order, supplierOrder }));
    const page = await portal.newPage();
    await portal.signIn(page, { account: traded.supplier.id, role: 'packer' });
    await page.getByRole('link', { name: orders[0]!.supplierOrder.number }).waitFor();
    await expectNoViolations(page);
    for (let row = 0; row < 3; row += 1) {
      await page.keyboard.press('j');
      await page.keyboard.press('x');
    }
    await page.getByText('3 orders chosen').waitFor();
    const [shipped, ...others] = orders;
    await traded.supplier.rest.post(`/orders/${shipped!.supplierOrder.id}/shipments`, {
      carrier: 'ups',
      trackingNumber: tracking,
    });
    await page.getByRole('button', { name: 'Accept', exact: true }).click();

    const outcome = page.getByRole('alert');
    await outcome.getByText('2 of 3 orders accepted').waitFor();
    await outcome.getByText(shipped!.supplierOrder.number).waitFor();
    await expectNoViolations(page);
    for (const { order } of others)
      expect((await orderOf(traded.merchant, order.id)).dropship?.status).toBe('accepted');

    await page.getByRole('link', { name: /^Shipped/ }).click();
    await page.getByRole('link', { name: shipped!.supplierOrder.number }).waitFor();
    await page.getByRole('link', { name: others[0]!.supplierOrder.number }).waitFor({ state: 'detached' });
  });
});
