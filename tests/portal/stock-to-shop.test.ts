import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import { aShopTrade } from '../e2e/shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { hasBrowser } from '../support/portal/browser.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { ranTask } from '../support/trade/trade.ts';

const none = {} as Awaited<ReturnType<typeof startVendureShop>>;
const shop = forTheFile(async () => (hasBrowser ? startVendureShop() : none), 300_000);
const portal = openPortal({
  get allowedHosts() {
    return [new URL(shop.url).host];
  },
});

const row = (page: Page, sku: string) => page.getByRole('row', { name: new RegExp(sku) });
const state = (page: Page, sku: string, text: string) => row(page, sku).getByText(text, { exact: true }).waitFor();

inBrowser('a count', () => {
  it('of the supplier goes by Sync to the merchant, and by Sync to its shop, which sells it', async () => {
    const { merchant, supplier, trade, channelId } = await aShopTrade(portal.world, shop);
    await ranTask(merchant, channelId, 'import_products');
    await ranTask(supplier, trade.portalId, 'import_products');
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, path: 'inventory' });

    await page.getByRole('textbox', { name: 'MUG-BLUE on hand' }).fill('7');
    await page.keyboard.press('Enter');
    await state(page, 'MUG-BLUE', 'Needs Sync');
    await page.getByRole('link', { name: /^Needs Sync/ }).click();
    await state(page, 'MUG-BLUE', 'Needs Sync');
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Sync', exact: true }).click();
    await row(page, 'MUG-BLUE').waitFor({ state: 'detached', timeout: 40_000 });
    await page.getByRole('link', { name: 'All products', exact: true }).click();
    await state(page, 'MUG-BLUE', 'Up to date');

    const shopkeeper = await portal.newPage();
    await portal.signIn(shopkeeper, { account: merchant.id, path: 'inventory?q=MUG-BLUE' });
    const supplied = shopkeeper.getByRole('row', { name: /MUG-BLUE/ }).filter({ hasText: supplier.name });
    await supplied.getByText('7', { exact: true }).first().waitFor();
    await shopkeeper.getByRole('button', { name: 'Sync', exact: true }).click();
    await waitUntil(async () => (await shop.stockOf('MUG-BLUE')).available === 7, {
      timeoutMs: 40_000,
      what: 'the count in the shop',
    });
    const order = await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity: 7 }] });
    expect(order.lines[0]!.quantity).toBe(7);
    await supplied.getByText('Up to date', { exact: true }).waitFor({ timeout: 40_000 });
  });
});
