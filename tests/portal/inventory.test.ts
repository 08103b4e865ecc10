import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { dataOf } from '../../clients/typescript/src/index.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { dark, inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { aCompany, aConnection, anApiChannel, aProduct, placeOrder, type Company } from '../support/trade/trade.ts';

const portal = openPortal();

const unitsOf = async ({ rest }: Company, sku: string): Promise<number | undefined> =>
  (await dataOf(rest.api.GET('/v1/stock', { params: { query: { sku } } }))).data[0]?.physicalOnHand;
const becomes = (company: Company, sku: string, units: number) =>
  waitUntil(async () => (await unitsOf(company, sku)) === units, { what: `${units} of ${sku}` });
const onHand = (page: Page, sku: string) => page.getByRole('textbox', { name: `${sku} on hand` });

/** An account with a few products, of which it has ten each. */
async function aStockroom(...skus: string[]): Promise<Company> {
  const company = await aCompany(portal.world);
  for (const sku of skus) {
    await aProduct(company, { sku });
    await dataOf(company.rest.api.PUT('/v1/stock', { body: { sku, physicalOnHand: 10 } }));
  }
  return company;
}

inBrowser('the inventory', () => {
  it('is counted by keys alone: arrows, Enter, Esc', async () => {
    const company = await aStockroom('A-1', 'A-2', 'A-3');
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, role: 'member', path: 'inventory' });

    await onHand(page, 'A-1').focus();
    await page.keyboard.type('7');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('many');
    await page.keyboard.press('Enter');
    await page.getByText('Enter a whole number, such as 40.').waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    expect(await onHand(page, 'A-2').inputValue()).toBe('10');
    await page.keyboard.type('8');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('9');
    await page.keyboard.press('Enter');
    await page.keyboard.type('11');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowUp');

    await becomes(company, 'A-1', 7);
    await becomes(company, 'A-2', 8);
    await becomes(company, 'A-3', 9);
    expect(await page.locator('input:focus').getAttribute('aria-label')).toMatch(/^A-2/);
    await page.getByText('A-3 is saved').waitFor({ state: 'attached' });
  });

  it('adjusts with a reason, and takes an entry back that is refused', async () => {
    const company = await aStockroom('B-1');
    const page = await portal.newPage({ ...phone, ...dark });
    await portal.signIn(page, { account: company.id, path: 'inventory' });

    await onHand(page, 'B-1').fill('-3');
    await page.keyboard.press('Enter');
    await page.getByText('On hand 10 → 7').waitFor();
    await expectNoViolations(page);
    await page.getByRole('combobox', { name: 'Reason' }).selectOption({ label: 'Damaged' });
    await page.getByRole('button', { name: 'Adjust stock' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await unitsOf(company, 'B-1')).toBe(7);

    await page.getByRole('button', { name: 'Adjust B-1' }).click();
    await page.getByLabel('Change').fill('-99');
    await page.getByRole('button', { name: 'Adjust stock' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();

    // The product is gone in the meantime.
    const problem = { type: '/docs/errors#product_not_found', title: 'Gone', status: 404, detail: 'There is no product B-1.', instance: 'req_1', code: 'product_not_found' }; // prettier-ignore
    await page.route('**/v1/stock', (route) =>
      route.request().method() === 'PUT' ? route.fulfill({ status: 404, json: problem }) : route.continue(),
    );
    await onHand(page, 'B-1').fill('55');
    await page.keyboard.press('Enter');
    await page.getByText('B-1 was not saved').first().waitFor();
    await page.getByText('There is no product B-1.').first().waitFor();
    await waitUntil(async () => (await onHand(page, 'B-1').inputValue()) === '7');
    await expectNoViolations(page);
  });

  it('shows what is oversold, finds by name, and offers a viewer nothing to change', async () => {
    const company = await aStockroom('C-1', 'C-2');
    await placeOrder(company, { channelId: await anApiChannel(company), lines: [{ sku: 'C-2', quantity: 14 }] });
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, role: 'viewer', path: 'inventory' });

    await page.getByRole('row', { name: /C-1/ }).waitFor();
    expect(await page.getByRole('row', { name: /C-2/ }).textContent()).toContain('-4');
    expect(await page.getByRole('textbox', { name: /on hand/ }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /Upload|Adjust/ }).count()).toBe(0);
    await page.getByRole('link', { name: /^Oversold/ }).click();
    await page.getByRole('row', { name: /C-1/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /C-2/ }).waitFor();
    // Somebody who pauses goes on in the same field, behind the blank too.
    await page.getByRole('searchbox', { name: 'Find a SKU or a name' }).press('n');
    await page.waitForURL(/[?&]q=n$/);
    await page.keyboard.type('o ');
    await page.waitForURL(/[?&]q=no$/);
    await page.keyboard.type('such');
    await page.waitForURL(/[?&]q=no[+]such$/);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'Show all products' }).click();
    await page.getByRole('row', { name: /C-1/ }).waitFor();
  });

  it('of a merchant has the warehouses of suppliers, to look at', async () => {
    const merchant = await aStockroom('D-1');
    const supplier = await aCompany(portal.world);
    const trade = await aConnection(portal.world, merchant, supplier);
    await aProduct(merchant, { sku: 'D-2', supplierId: trade.supplierId });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, path: 'inventory' });

    await page.getByRole('combobox', { name: 'Warehouse' }).waitFor();
    await onHand(page, 'D-1').first().waitFor();
    const ofSupplier = page.getByRole('row').filter({ hasText: supplier.name });
    for (const row of await ofSupplier.all()) expect(await row.getByRole('textbox').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Warehouse' }).selectOption({ label: supplier.name });
    await page.getByRole('row', { name: /D-1/ }).waitFor({ state: 'detached' });
  });
});
