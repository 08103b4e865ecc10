import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { aTradedSku } from '../support/trade/cancel-trade.ts';
import { aCompany } from '../support/trade/trade.ts';
import { dark, inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { suppliedOrders } from '../support/portal/supplier-orders.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

inBrowser('the frame', () => {
  it.each([
    ['wide', {}],
    ['dark', dark],
    ['phone', phone],
  ])('has the pages of a supplier, %s', async (_name, options) => {
    const { supplier } = await aTradedSku(portal.world);
    const page = await portal.newPage(options);
    await portal.signIn(page, { account: supplier.id });
    await heading(page, 'Orders');
    await page.getByRole('button', { name: 'Sync', exact: true }).waitFor();

    const pages = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();

    expect(pages).toEqual(expect.arrayContaining(['Orders', 'Scan & ship', 'Inventory', 'Attention']));
    expect(pages).not.toContain('Products');
    await expectNoViolations(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });

  it('switches between the accounts of a person', async () => {
    const { merchant, supplier } = await aTradedSku(portal.world);
    const accounts = [merchant, supplier].map(({ id }) => ({ account: id, role: 'admin' as const }));
    const person = await portal.aPerson(accounts);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, person });

    await page.getByRole('button', { name: 'Switch account' }).click();
    await page.getByRole('menuitem', { name: merchant.name }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    // By the keyboard alone: the focus is at the button again, then in the menu.
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.type(merchant.name);
    await page.keyboard.press('Enter');

    await page.waitForURL(`**/portal/${merchant.id}/orders`);
    await page.getByRole('link', { name: 'Suppliers', exact: true }).waitFor();
  });

  it('shows nothing of the account before while the next one loads', async () => {
    const traded = await aTradedSku(portal.world);
    await suppliedOrders(traded, [{ number: 'Q-1' }]);
    const { merchant, supplier } = traded;
    const accounts = [merchant, supplier].map(({ id }) => ({ account: id, role: 'admin' as const }));
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, person: await portal.aPerson(accounts) });
    const row = page.getByRole('row', { name: /Q-1/ });
    await row.getByRole('checkbox').check();
    await page.getByText('1 order chosen').waitFor();
    let answer = (): void => undefined;
    const isDue = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/order-rows?*', async (route) => {
      if (route.request().headers()['x-account-id'] === merchant.id) await isDue;
      await route.continue();
    });

    await page.getByRole('button', { name: 'Switch account' }).click();
    await page.getByRole('menuitem', { name: merchant.name }).click();
    await page.waitForURL(`**/portal/${merchant.id}/orders`);
    await row.waitFor({ state: 'detached' });
    await page.getByText('1 order chosen').waitFor({ state: 'detached' });
    answer();
    await page.getByRole('heading', { name: 'All caught up' }).waitFor();
  });

  it('goes to pages by keys, unless a person switches them off', async () => {
    const { supplier } = await aTradedSku(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id });
    await heading(page, 'Orders');

    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await heading(page, 'Inventory');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    await expectNoViolations(page);
    await help.getByRole('switch', { name: 'Single keys work' }).click();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('/');

    expect(await page.evaluate('document.activeElement?.tagName')).not.toBe('INPUT');
  });

  it('finds an order from every page', async () => {
    const { supplier } = await aTradedSku(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, path: 'attention' });
    await heading(page, 'Attention');

    await page.keyboard.press('/');
    await page.keyboard.type('10457');
    await page.keyboard.press('Enter');

    await page.waitForURL(`**/portal/${supplier.id}/orders?view=all&q=10457`);
  });

  it('runs all tasks by Sync, and shows them in Activity', async () => {
    const { supplier } = await aTradedSku(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id });

    await page.getByRole('button', { name: 'Sync', exact: true }).click();
    await page.getByRole('button', { name: 'Activity' }).click();

    const recent = page.getByRole('dialog', { name: 'Recent activity' });
    await recent.getByText('Import Orders').first().waitFor();
    await recent.getByText('Nothing to do').first().waitFor();
    await expectNoViolations(page);
    await recent.getByRole('link', { name: 'See all activity' }).click();
    await heading(page, 'Activity');
    await page
      .getByRole('cell', { name: /Write Inventory Back/ })
      .first()
      .waitFor();
    await expectNoViolations(page);
    const { data: tasks } = await supplier.rest.get<{ data: { trigger: string }[] }>('/tasks');
    expect(tasks.filter(({ trigger }) => trigger === 'sync').length).toBeGreaterThanOrEqual(3);
  });

  it('shows no Sync to who may only read', async () => {
    const { supplier } = await aTradedSku(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, role: 'viewer' });
    await page.getByRole('link', { name: 'Scan & ship' }).waitFor();

    expect(await page.getByRole('button', { name: 'Sync', exact: true }).count()).toBe(0);
  });

  it('has one page for what is missing and for another account', async () => {
    const [own, other] = [await aCompany(portal.world), await aCompany(portal.world)];
    const page = await portal.newPage();
    await portal.signIn(page, { account: own.id });

    await page.goto(`/portal/${other.id}/orders`);
    await page.getByRole('heading', { name: 'This page is not here' }).waitFor();
    await expectNoViolations(page);
    await page.goto(`/portal/${own.id}/no-such-page`);
    await page.getByRole('heading', { name: 'This page is not here' }).waitFor();
  });

  it('speaks German, and stays German', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage({ locale: 'de-DE' });
    await portal.signIn(page, { account: company.id });
    await heading(page, 'Bestellungen');

    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await expectNoViolations(page);
  });
});
