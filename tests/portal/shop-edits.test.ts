import { expect, it } from '@jest/globals';
import { dataOf } from '../../clients/typescript/src/index.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { noteEdit } from '../../db/orders/edits.ts';
import { storeOrder } from '../../db/orders/store-order.ts';
import type { IncomingOrder } from '../../domain/orders/order.ts';
import { anIncomingOrder } from '../support/trade/database-trade.ts';
import { aCompany, anApiChannel, aProduct, orderOf } from '../support/trade/trade.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

/** Two MUG and a line that names no product, as an import stores them. */
async function anImportedOrder() {
  const { pool } = portal.world;
  const merchant = await aCompany(portal.world);
  const channelId = await anApiChannel(merchant);
  await aProduct(merchant, { sku: 'MUG' });
  const order = anIncomingOrder([{ sku: 'MUG', quantity: 2 }, { sku: 'JUG' }]);
  const actor = { kind: 'channel', id: channelId } as const;
  const { orderId } = await withAccount(pool, merchant.id, (db) => storeOrder(db, { channelId, order, actor }));
  const edited = (now: Partial<IncomingOrder>) =>
    withAccount(pool, merchant.id, (db) =>
      noteEdit(db, { orderId, order: { ...order, ...now }, actor, at: new Date() }),
    );
  const [mug, jug] = order.lines;
  return { merchant, orderId, edited, mug: mug!, jug: jug! };
}

const moved = { name: 'Ada Lovelace', address1: '1 New Road', city: 'Porto', postalCode: '4000', country: 'PT' };

inBrowser('an order that was edited in its shop', () => {
  it('is shown line by line, and accepted', async () => {
    const { merchant, orderId, edited, mug } = await anImportedOrder();
    await edited({ lines: [{ ...mug, quantity: 5 }], shipTo: moved });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `orders/${orderId}` });

    const changes = page.getByRole('table', { name: 'Changed in the shop' });
    await changes.getByRole('row', { name: 'Units of MUG 2 5' }).waitFor();
    await changes.getByRole('row', { name: 'Line JUG, removed 1 Not there' }).waitFor();
    await changes.getByRole('row', { name: /Ship to .* Ada Lovelace 1 New Road/ }).waitFor();
    await expectNoViolations(page);

    await page.getByRole('button', { name: 'Accept the change' }).click();
    await changes.waitFor({ state: 'detached' });
    const after = await orderOf(merchant, orderId);
    expect(after).toMatchObject({ pendingEdit: null, shipTo: moved });
    expect(after.lines.map(({ sku, quantity, cancelled }) => [sku, quantity, cancelled])).toEqual([
      ['MUG', 5, 0],
      ['JUG', 1, 1],
    ]);
  });

  it('stays as it is when the edit is dismissed, with a reason', async () => {
    const { merchant, orderId, edited, mug, jug } = await anImportedOrder();
    await edited({ lines: [{ ...mug, quantity: 1 }, jug] });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `orders/${orderId}` });

    await page.getByRole('button', { name: 'Leave the order as it is' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').selectOption({ label: 'Changed back in the shop' });
    await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
    await page.getByRole('table', { name: 'Changed in the shop' }).waitFor({ state: 'detached' });
    const after = await orderOf(merchant, orderId);
    expect([after.pendingEdit, after.lines[0]!.quantity]).toEqual([null, 2]);
  });

  it('goes on once the product of its line is chosen', async () => {
    const { merchant, orderId } = await anImportedOrder();
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: `orders/${orderId}` });

    await page.getByRole('button', { name: 'Choose product of JUG' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('SKU or name').fill('mug');
    await dialog.getByLabel(/Product MUG/).check();
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'Choose product' }).click();
    await page.getByRole('heading', { name: 'Choose the product' }).waitFor({ state: 'detached' });
    const { data } = await dataOf(merchant.rest.api.GET('/v1/products'));
    const { lines, attention } = await orderOf(merchant, orderId);
    expect([lines[1]!.productId, attention]).toEqual([data[0]!.id, null]);
  });
});
