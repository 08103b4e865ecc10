import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import { aShopTrade, imported, receivedByPersistence, shippedInShop, unitsInShop } from '../e2e/shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { hasBrowser } from '../support/portal/browser.ts';

const shop = forTheFile(async () => (hasBrowser ? startVendureShop() : ({} as never)));
const portal = openPortal({
  // Read when the service starts, which is after the shop.
  get allowedHosts() {
    return [new URL(shop.url).host];
  },
});

/** What the keyboard acts on now. */
const focusIsOn = (page: Page, control: Locator) => control.and(page.locator(':focus')).waitFor();

const trackings = ['1Z999AA10123456784', '1Z12345E0205271688', '1Z12345E1512345676'];

inBrowser('a clerk with a keyboard', () => {
  it('ships three orders without the mouse, and the shop has their tracking numbers', async () => {
    const trade = await aShopTrade(portal.world, shop);
    const placed = [];
    for (const quantity of [1, 2, 3]) placed.push(await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity }] }));
    for (const { code } of placed) {
      const order = await imported(trade, code);
      await receivedByPersistence(trade, order.dropship!.id);
    }
    const page = await portal.newPage();
    await portal.signIn(page, { account: trade.supplier.id, role: 'packer' });
    await page.getByRole('link', { name: placed[0]!.code }).waitFor();

    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    for (const [index, tracking] of trackings.entries()) {
      await focusIsOn(page, page.getByLabel('Tracking number', { exact: true }));
      await page.keyboard.type(tracking);
      await page.keyboard.press('Enter');
      if (index === 2) break;
      await focusIsOn(page, page.getByRole('link', { name: /^Open / }));
      await page.keyboard.press('Enter');
    }
    await page.getByText('Nothing else is to ship').waitFor();

    const inShop = await Promise.all(placed.map(({ id }) => shippedInShop(shop, id)));
    const units = inShop.map(unitsInShop);
    expect(units.map((one) => Object.values(one))).toEqual([
      [{ 'MUG-BLUE': 1 }],
      [{ 'MUG-BLUE': 2 }],
      [{ 'MUG-BLUE': 3 }],
    ]);
    expect(units.flatMap((one) => Object.keys(one)).sort()).toEqual([...trackings].sort());
    // The carrier was found by the number, and the page shows the way to the shop.
    await page.getByRole('list', { name: 'How far the tracking number is' }).getByText('In the shop').waitFor();
    await page.getByText('UPS', { exact: true }).waitFor();
  });
});
