import { expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startEasyPostServer } from '../support/fakes/label-servers.ts';
import { noLabelUrls } from '../support/fakes/no-labels.ts';
import { aPackingSupplier } from '../support/portal/label-orders.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { handedOver, type TradedSku } from '../support/trade/cancel-trade.ts';
import { aLabelAccount, labelsOf } from '../support/trade/labels.ts';
import { orderOf, type Company } from '../support/trade/trade.ts';

const provider = forTheFile(startEasyPostServer);
const portal = openPortal({
  showsPdfs: true,
  // Known once the simulator listens.
  get allowedHosts() {
    return [provider.host];
  },
  get labelUrls() {
    return { ...noLabelUrls, easypost: provider.url };
  },
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const statusOf = (page: Page, status: string) =>
  page.getByRole('heading', { level: 1 }).locator('..').getByText(status, { exact: true });

type Visitor = { device?: BrowserContextOptions; role?: 'packer' | 'admin' };

/** An order of some units at its supplier, and the page of it. */
async function aPackedOrder(traded: TradedSku, quantity: number, { device = {}, role = 'packer' }: Visitor = {}) {
  const { orderId, supplierOrderId } = await handedOver(traded, quantity);
  const page = await portal.newPage(device);
  await portal.signIn(page, { account: traded.supplier.id, role, path: `orders/${supplierOrderId}` });
  await button(page, 'Buy label').waitFor();
  return { page, orderId, supplierOrderId };
}

/** Fills in the box, and asks the carriers. */
async function showServices(page: Page) {
  const dialog = page.getByRole('dialog');
  for (const [side, length] of [
    ['Length', '12'],
    ['Width', '9'],
    ['Height', '4'],
  ] as const)
    await dialog.getByLabel(`${side} (in)`).fill(length);
  await button(page, 'Show services').click();
  await dialog.getByRole('radio').first().waitFor();
  return dialog;
}

const shipmentsOf = async (company: Company, id: string) => (await orderOf(company, id)).shipments;
const isSideways = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');

inBrowser('labels beside an order', () => {
  it('are bought by a clerk, and the merchant has the tracking number', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { merchant, supplier } = traded;
    await aLabelAccount(supplier);
    const { page, orderId, supplierOrderId } = await aPackedOrder(traded, 2);
    await button(page, 'Buy label').click();
    const dialog = page.getByRole('dialog', { name: 'Buy a label for 2 units' });
    // 2 × 350 g, in the ounces of an American browser.
    expect(await dialog.getByLabel('Weight (oz)').inputValue()).toBe('24.7');
    await button(page, 'Show services').click();
    await dialog.getByText('Enter length, width and height.').waitFor();
    await showServices(page);
    await expectNoViolations(page);
    const prices = (await dialog.getByRole('radio').locator('..').allInnerTexts()).map((text) =>
      Number(/\$([\d.]+)/.exec(text)?.[1]),
    );
    expect(prices).toEqual(prices.toSorted((one, other) => one - other));

    await button(page, /^Buy label for \$/).click();
    await page.getByRole('dialog', { name: 'Label bought' }).waitFor();
    await expectNoViolations(page);
    const tab = page.context().waitForEvent('page');
    await button(page, 'Print label').click();
    expect((await tab).url()).toMatch(/^(blob:|about:blank)/);
    await waitUntil(async () => (await tab).url().startsWith('blob:'));
    await (await tab).close();
    await button(page, 'Done').click();

    await statusOf(page, 'Shipped').waitFor();
    const [label] = await labelsOf(supplier, supplierOrderId);
    expect(label).toMatchObject({ status: 'recorded', lines: [{ quantity: 2 }] });
    expect(Math.round(label!.cost!.amount)).toBe(Math.round(prices[0]! * 100));
    await page.getByRole('region', { name: 'Labels' }).getByText(label!.trackingNumber!).waitFor();
    await expectNoViolations(page);
    await waitUntil(async () => (await shipmentsOf(merchant, orderId))[0]?.trackingNumber === label!.trackingNumber);
  });

  it('are several of one order, and each is voided alone', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { supplier } = traded;
    await aLabelAccount(supplier);
    const { page, orderId, supplierOrderId } = await aPackedOrder(traded, 3);
    for (const units of ['1', '2']) {
      await page.getByLabel(/units in this parcel$/).fill(units);
      await button(page, 'Buy label').click();
      await showServices(page);
      await button(page, /^Buy label for \$/).click();
      await page.getByRole('dialog', { name: 'Label bought' }).waitFor();
      await button(page, 'Done').click();
      await statusOf(page, units === '1' ? 'Partly shipped' : 'Shipped').waitFor();
    }
    const labels = page.getByRole('region', { name: 'Labels' });
    expect(await labels.getByRole('listitem').count()).toBe(2);
    const [last] = await labelsOf(supplier, supplierOrderId);

    await labels.getByRole('button', { name: `Void label ${last!.trackingNumber}` }).click();
    const voiding = page.getByRole('dialog').getByRole('button', { name: 'Void label' });
    await voiding.waitFor();
    await expectNoViolations(page);
    await voiding.click();
    await labels.getByText('Voided', { exact: true }).waitFor();
    await labels.getByText('Refunded').waitFor();
    await statusOf(page, 'Partly shipped').waitFor();
    await page.getByLabel(/units in this parcel$/).waitFor();

    expect((await labelsOf(supplier, supplierOrderId)).map(({ status }) => status).sort()).toEqual([
      'recorded',
      'voided',
    ]);
    await waitUntil(async () => {
      const shipments = await shipmentsOf(traded.merchant, orderId);
      return shipments.find(({ trackingNumber }) => trackingNumber === last!.trackingNumber)?.status === 'voided';
    });
  });

  it('say what is missing before anything is bought, and on a phone too', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { page, supplierOrderId } = await aPackedOrder(traded, 1, { device: phone });
    await button(page, 'Buy label').tap();
    const dialog = page.getByRole('dialog');
    for (const side of ['Length', 'Width', 'Height']) await dialog.getByLabel(`${side} (in)`).fill('5');
    await button(page, 'Show services').tap();
    await dialog.getByRole('alert').waitFor();
    await expectNoViolations(page);
    expect(await isSideways(page)).toBe(false);
    expect(await labelsOf(traded.supplier, supplierOrderId)).toEqual([]);

    await aLabelAccount(traded.supplier);
    await button(page, 'Show services').tap();
    await dialog.getByRole('radio').first().waitFor();
    await expectNoViolations(page);
    expect(await isSideways(page)).toBe(false);
  });

  it('that the merchant pays have no price for the supplier', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { merchant, supplier, trade } = traded;
    await aLabelAccount(merchant);
    const seller = await portal.newPage();
    await portal.signIn(seller, { account: merchant.id, path: `suppliers/${trade.supplierId}` });
    const policy = seller.getByRole('region', { name: 'Who pays for labels' });
    await policy.getByRole('radio', { name: /^You/ }).check();
    await policy.getByLabel('Label account that you lend').selectOption({ label: 'Labels by test' });
    await policy.getByLabel('Highest price of a label').fill('500');
    await expectNoViolations(seller);
    await policy.getByRole('button', { name: 'Save' }).click();
    await seller.getByText('Saved: who pays for labels').waitFor();

    const { page, supplierOrderId } = await aPackedOrder(traded, 1);
    await button(page, 'Buy label').click();
    const dialog = await showServices(page);
    await dialog.getByText(`${merchant.name} pays. The prices are not shown.`).waitFor();
    expect(await dialog.innerText()).not.toMatch(/\$\d/);
    await dialog.getByRole('button', { name: 'Buy label', exact: true }).click();
    await page.getByRole('dialog', { name: 'Label bought' }).waitFor();

    expect(await labelsOf(supplier, supplierOrderId)).toMatchObject([{ payer: 'merchant', cost: null }]);
  });
});

inBrowser('a label that waits for a decision', () => {
  it('goes on by itself once its account has new credentials', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { supplier } = traded;
    await aLabelAccount(supplier, { provider: 'easypost', credentials: { apiKey: provider.apiKey } });
    const { page, supplierOrderId } = await aPackedOrder(traded, 1, { role: 'admin' });
    await button(page, 'Buy label').click();
    await showServices(page);
    await provider.revoke(provider.apiKey);
    await button(page, /^Buy label for \$/).click();
    const ordered = page.getByRole('dialog', { name: 'The label is bought…' });
    await ordered.getByText('The provider of labels refuses our sign-in').waitFor();
    await expectNoViolations(page);
    await button(page, 'Done').click();
    await page.getByRole('region', { name: 'Labels' }).getByText('The label waits for a decision').waitFor();
    await expectNoViolations(page);

    await page.getByRole('link', { name: 'Decide in Attention' }).click();
    await page.getByRole('link', { name: 'Open the label account' }).first().click();
    await page.getByRole('row', { name: /Labels by easypost .* Refuses our sign-in/ }).waitFor();
    await provider.revoke(provider.apiKey, false);
    await button(page, 'Change Labels by easypost').click();
    await page.getByRole('dialog').getByLabel('API key').fill(provider.apiKey);
    await expectNoViolations(page);
    await button(page, 'Save account').click();
    await page.getByText('Labels by easypost is saved').waitFor();

    await waitUntil(async () => (await labelsOf(supplier, supplierOrderId))[0]?.status === 'recorded', {
      timeoutMs: 20_000,
    });
    expect(await provider.ledger()).toMatchObject([{ kind: 'charge' }]);
  });
});

inBrowser('a return label', () => {
  it('is bought of what has shipped, and records no shipment', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { supplier } = traded;
    await aLabelAccount(supplier);
    const { page, supplierOrderId } = await aPackedOrder(traded, 1);
    await page.getByLabel('Tracking number', { exact: true }).fill('1Z999AA10123456784');
    await page.getByLabel('Tracking number', { exact: true }).press('Enter');
    await statusOf(page, 'Shipped').waitFor();

    await button(page, 'Buy return label').click();
    const dialog = await showServices(page);
    await dialog.getByText('For a parcel from the buyer back to you. It records no shipment.').waitFor();
    await expectNoViolations(page);
    await button(page, /^Buy label for \$/).click();
    await page.getByRole('dialog', { name: 'Label bought' }).waitFor();
    await button(page, 'Done').click();
    await page
      .getByRole('region', { name: 'Labels' })
      .getByText(/^Return label/)
      .waitFor();

    const { shipments } = await orderOf(supplier, supplierOrderId);
    expect(shipments).toHaveLength(1);
    expect(await labelsOf(supplier, supplierOrderId)).toMatchObject([
      { isReturn: true, status: 'bought', shipmentId: null },
    ]);
  });
});
