import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { dataOf } from '../../clients/typescript/src/index.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aPackingSupplier, productOf } from '../support/portal/label-orders.ts';
import { dark, inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { acceptCancel, cancel, handedOver } from '../support/trade/cancel-trade.ts';
import { persistently } from '../support/trade/stage.ts';
import { aCompany, orderOf } from '../support/trade/trade.ts';

const portal = openPortal({ showsPdfs: true });

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

inBrowser('printing', () => {
  it('puts the chosen orders into one PDF, and names what is left out', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { merchant, supplier } = traded;
    const [printed, other] = [await handedOver(traded, 1), await handedOver(traded, 2)];
    const { number } = await orderOf(supplier, other.supplierOrderId);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, role: 'packer' });
    await page.getByLabel('Choose all shown').check();
    await button(page, 'Print').click();
    const dialog = page.getByRole('dialog', { name: 'Print 2 orders' });
    await dialog.getByRole('checkbox', { name: /^Packing slips/ }).check();
    await dialog.getByRole('checkbox', { name: /^Pick list/ }).check();
    await dialog.getByLabel('Order of the sheets').selectOption({ label: 'By bin, as one walks' });
    await expectNoViolations(page);
    // Meanwhile one of the two is cancelled.
    const key = `cancelled-${other.orderId}`;
    await persistently(() => cancel(merchant, other.orderId, { key }));
    await waitUntil(async () => (await orderOf(supplier, other.supplierOrderId)).cancelRequestedAt !== null);
    await persistently(() => acceptCancel(supplier, other.supplierOrderId, { key }));
    await dialog.getByRole('button', { name: 'Make PDF' }).click();

    await dialog.getByText(/^2 pages are ready$/).waitFor();
    const leftOut = dialog.getByRole('alert');
    await leftOut.getByText(number).waitFor();
    await leftOut.getByText('It is cancelled.').waitFor();
    await expectNoViolations(page);
    const tab = page.context().waitForEvent('page');
    // The button has the focus: Enter opens the file.
    await page.keyboard.press('Enter');
    await waitUntil(async () => (await tab).url().startsWith('blob:'));
    await waitUntil(async () => (await orderOf(supplier, printed.supplierOrderId)).printedAt !== null);
    await dialog.getByRole('button', { name: 'Print something else' }).click();
    // Without a label there is nothing of them to print with one.
    await dialog.getByRole('checkbox', { name: /^Labels/ }).check();
    await dialog.getByRole('button', { name: 'Make PDF' }).click();
    await dialog.getByText('Nothing could be printed').waitFor();
    await dialog.getByText('It has no label yet.').waitFor();
  });
});

inBrowser('the settings of labels', () => {
  it('have label accounts, which are checked, and addresses of warehouses', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, path: 'settings/labels' });
    await page.getByRole('heading', { name: 'No label account yet' }).waitFor();
    await expectNoViolations(page);
    await button(page, 'Add label account').first().click();
    await page.getByRole('radio', { name: /^EasyPost/ }).check();
    await page.getByLabel('API key', { exact: true }).waitFor();
    await expectNoViolations(page);
    await page.getByRole('radio', { name: /^Test labels/ }).check();
    await button(page, 'Add and check').click();
    await page.getByText('Test labels works').waitFor();
    await page.getByRole('row', { name: /Test labels .* Works/ }).waitFor();
    await expectNoViolations(page);

    await button(page, /^Edit address of/).click();
    const dialog = page.getByRole('dialog');
    for (const [label, value] of [
      ['Name', 'Summit Goods'],
      ['Street and number', '500 Harbor Way'],
      ['City', 'Portland'],
      ['State or region', 'OR'],
      ['Postal code', '97201'],
    ] as const)
      await dialog.getByLabel(label, { exact: true }).fill(value);
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'Save address' }).click();
    await page.getByText(/500 Harbor Way/).waitFor();
    const { data } = await dataOf(company.rest.api.GET('/v1/warehouses'));
    expect(data[0]!.address).toMatchObject({ address1: '500 Harbor Way', country: 'US' });

    await button(page, 'Remove Test labels').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove account' }).click();
    await page.getByRole('heading', { name: 'No label account yet' }).waitFor();
    const accounts = await dataOf(company.rest.api.GET('/v1/label-accounts'));
    expect(accounts.data).toEqual([]);
  });

  it('have the look of packing slips, with a logo and a preview', async () => {
    const traded = await aPackingSupplier(portal.world);
    const { merchant } = traded;
    await handedOver(traded, 1);
    const page = await portal.newPage(dark);
    await portal.signIn(page, { account: merchant.id, path: 'settings/slips' });
    await page.getByLabel('Name on the slip').fill('Harbor & Co.');
    await page.getByLabel('Message to the buyer').fill('Danke für Ihren Einkauf');
    await page.getByLabel('Language of the slip').selectOption({ label: 'German' });
    await expectNoViolations(page);
    await button(page, 'Save packing slip').click();
    await page.getByText('Packing slip saved').waitFor();
    await page.getByLabel('Choose a PNG or JPEG').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') }); // prettier-ignore
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Choose a PNG or JPEG').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: logo }); // prettier-ignore
    await page.getByRole('img', { name: 'Logo' }).waitFor();
    await expectNoViolations(page);
    const tab = page.context().waitForEvent('page');
    await button(page, 'Open the slip').click();
    await waitUntil(async () => (await tab).url().startsWith('blob:'));

    const brand = await dataOf(merchant.rest.api.GET('/v1/brand'));
    expect(brand).toMatchObject({ displayName: 'Harbor & Co.', message: 'Danke für Ihren Einkauf', language: 'de' });
    expect(brand.logo).not.toBeNull();
    await button(page, 'Remove logo').click();
    await page.getByRole('img', { name: 'Logo' }).waitFor({ state: 'detached' });
  });

  it('have what customs asks of a product', async () => {
    const { supplier, sku } = await aPackingSupplier(portal.world);
    const { id } = await productOf(supplier, sku);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, role: 'member', path: `products/${id}` });
    // Untouched it stays 350 g, though it is shown in ounces.
    expect(await page.getByLabel('Weight (oz)').inputValue()).toBe('12.4');
    await page.getByLabel('Bin').fill('A-07');
    await page.getByLabel('HS code').fill('6912.00');
    await page.getByLabel('Made in').selectOption({ label: 'Portugal' });
    await page.getByLabel('Customs value').fill('9.5');
    await page.getByRole('button', { name: 'Save product' }).click();
    await page.getByText('Enter three letters, such as USD.').waitFor();
    await page.getByLabel('Currency', { exact: true }).fill('usd');
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Save product' }).click();
    await page.getByText('Product saved').waitFor();

    expect(await productOf(supplier, sku)).toMatchObject({
      weightGrams: 350,
      bin: 'A-07',
      hsCode: '691200',
      originCountry: 'PT',
      customsValue: { amount: 950, currency: 'USD' },
    });
  });
});

/** One red pixel. */
const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
