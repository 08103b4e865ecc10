import { expect, it } from '@jest/globals';
import { dataOf } from '../../clients/typescript/src/index.ts';
import { aCompany, aConnection, anApiChannel, aProduct, placeOrder, received } from '../support/trade/trade.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

async function aPair() {
  const merchant = await aCompany(portal.world);
  const supplier = await aCompany(portal.world);
  return { merchant, supplier, ...(await aConnection(portal.world, merchant, supplier)) };
}

inBrowser('the products of a merchant', () => {
  it('are assigned together, and their next orders go to the supplier', async () => {
    const { merchant, supplier, supplierId, portalId } = await aPair();
    const skus = [await aProduct(merchant, { sku: 'MUG-1' }), await aProduct(merchant, { sku: 'MUG-2' })];
    await aProduct(merchant, { sku: 'RUG' });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: 'products' });

    await page.getByRole('row', { name: /RUG/ }).waitFor();
    await page.getByLabel('Find a product by SKU or name').fill('mug');
    await page.getByRole('row', { name: /RUG/ }).waitFor({ state: 'detached' });
    await page.getByLabel('Choose all shown').check();
    await page.getByText('2 products chosen').waitFor();
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Assign', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Supplier', { exact: true }).selectOption({ label: supplier.name });
    await dialog.getByLabel('Who ships it').selectOption({ label: 'Supplier, by itself' });
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'Assign 2 products' }).click();
    await page
      .getByRole('row', { name: `Supplier, by itself ${supplier.name}` })
      .nth(1)
      .waitFor();

    await page.getByLabel('Find a product by SKU or name').fill('');
    await page.getByRole('row', { name: /RUG/ }).waitFor();
    await page.getByLabel('Supplier', { exact: true }).selectOption({ label: 'No supplier' });
    await page.getByRole('row', { name: /MUG/ }).first().waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /RUG/ }).waitFor();
    const channelId = await anApiChannel(merchant);
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const { dropship } = await placeOrder(merchant, { channelId, lines });
    const theirs = await received(supplier, { portalId, dropshipId: dropship!.id });
    expect([dropship!.supplierId, theirs.lines.map(({ sku }) => sku)]).toEqual([supplierId, skus]);
  });

  it('have suppliers with their SKU, cost and a default', async () => {
    const { merchant, supplier, supplierId } = await aPair();
    const sku = await aProduct(merchant);
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'member', path: 'products' });

    await page
      .getByRole('table')
      .getByRole('link', { name: `Product ${sku}` })
      .click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel(`SKU at ${supplier.name}`).fill('SUM-501');
    const cost = page.getByLabel(`Cost of one unit at ${supplier.name}`, { exact: true });
    await cost.fill('9.505');
    await page.getByLabel(`Currency of the cost at ${supplier.name}`).fill('usd');
    await page.getByLabel('Supplier, when you say so').check();
    await page.getByRole('button', { name: 'Save product' }).click();
    await page.getByRole('alert').getByText('is not an amount', { exact: false }).waitFor();
    await cost.fill('9.5');
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Save product' }).click();
    await page.getByText('Product saved').waitFor();

    const { data } = await dataOf(merchant.rest.api.GET('/v1/products', { params: { query: { sku } } }));
    expect(data[0]).toMatchObject({
      fulfillmentType: 'dropshippable',
      suppliers: [{ supplierId, supplierSku: 'SUM-501', cost: { amount: 950, currency: 'USD' }, isDefault: true }],
    });
  });

  it('are locked for a viewer', async () => {
    const { merchant, supplierId } = await aPair();
    const sku = await aProduct(merchant, { supplierId });
    const page = await portal.newPage();
    await portal.signIn(page, { account: merchant.id, role: 'viewer', path: 'products' });

    const link = page.getByRole('table').getByRole('link', { name: `Product ${sku}` });
    await link.waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await link.click();
    await page.getByLabel('Name', { exact: true }).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: /Save|Remove/ }).count()).toBe(0);
  });
});
