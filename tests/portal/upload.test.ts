import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { dataOf, type Shipment } from '../../clients/typescript/src/index.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { suppliedOrders } from '../support/portal/supplier-orders.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { aTradedSku } from '../support/trade/cancel-trade.ts';
import { aCompany, aProduct, type Company } from '../support/trade/trade.ts';

const portal = openPortal();

const label = (at: number): string => `1Z999AA1012345${6000 + at}`;
const csv = (name: string, text: string | Buffer) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

async function choose(page: Page, what: string, file: ReturnType<typeof csv>) {
  await page.getByLabel(what).setInputFiles(file);
}

const firstChoice = 'Choose a CSV or Excel file';
const said = (page: Page, sentence: string) => page.getByRole('dialog').getByText(sentence, { exact: true }).waitFor();

const shipmentsOf = async ({ rest }: Company): Promise<Shipment[]> =>
  (await dataOf(rest.api.GET('/v1/shipments', { params: { query: { limit: 100 } } }))).data;
const unitsOf = async ({ rest }: Company, sku: string): Promise<number | undefined> =>
  (await dataOf(rest.api.GET('/v1/stock', { params: { query: { sku } } }))).data[0]?.physicalOnHand;

/** The text of the file that a press gives. */
async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

async function openUpload(page: Page, account: string) {
  await portal.signIn(page, { account, path: 'inventory' });
  await page.getByRole('button', { name: 'Upload counts' }).click();
  await page.getByRole('dialog').waitFor();
}

inBrowser('an upload', () => {
  it('of trackings records the good rows; the failed ones are downloaded, corrected and sent again', async () => {
    const traded = await aTradedSku(portal.world);
    await suppliedOrders(traded, [{ number: 'T-1' }, { number: 'T-2' }, { number: 'T-3' }, { number: 'T-4' }]);
    const page = await portal.newPage();
    await portal.signIn(page, { account: traded.supplier.id, role: 'packer', path: 'ship' });
    await page.getByRole('button', { name: 'Upload tracking' }).click();
    await expectNoViolations(page);
    expect(await downloaded(page, 'Download orders to ship')).toContain('T-3');

    const rows = ['T-1,UPS,', 'T-2,UPS,', '=T-3,UPS,', 'T-99,UPS,'].map((row, at) => `${row}${label(at)}`);
    await choose(page, firstChoice, csv('today.csv', ['order,carrier,tracking', ...rows].join('\n')));
    await said(page, '2 rows recorded, 2 rows not');
    // The failed rows come first, by their numbers in the file.
    const cells = await page.getByRole('dialog').getByRole('row').allTextContents();
    expect(cells.slice(1, 3).map((row) => row.slice(0, 1))).toEqual(['4', '5']);
    await expectNoViolations(page);

    const failed = await downloaded(page, 'Download failed rows');
    expect(failed.split('\r\n')[0]).toBe('\uFEFForder,carrier,tracking,problem');
    // No spreadsheet runs a cell of it.
    expect(failed).toContain(`\r\n'=T-3,UPS,${label(2)},`);
    const corrected = failed.replace("'=T-3", 'T-3').replace('T-99', 'T-4');
    await choose(page, 'Choose the corrected file', csv('today-failed.csv', corrected));
    await said(page, '2 rows recorded');
    await page.getByRole('button', { name: 'Done' }).click();

    const shipments = await shipmentsOf(traded.supplier);
    expect(shipments.map(({ trackingNumber }) => trackingNumber).sort()).toEqual([0, 1, 2, 3].map(label));
  });

  it('whose answer is lost is sent again under its key: nothing is recorded twice', async () => {
    const traded = await aTradedSku(portal.world);
    await suppliedOrders(traded, [{ number: 'L-1', quantity: 2 }]);
    const page = await portal.newPage();
    portal.forgive(/ERR_FAILED/);
    const keys: (string | undefined)[] = [];
    await page.route('**/v1/shipments/batch', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await portal.signIn(page, { account: traded.supplier.id, path: 'ship' });
    await page.getByRole('button', { name: 'Upload tracking' }).click();
    await choose(page, firstChoice, csv('one.csv', `order,carrier,tracking\nL-1,ups,${label(9)}\n`));
    await said(page, '1 row recorded');

    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(await shipmentsOf(traded.supplier)).toHaveLength(1);
  });

  it('of counts takes a CSV of Excel, on a phone; a file without its columns records nothing', async () => {
    const company = await aCompany(portal.world);
    const sku = await aProduct(company, { sku: 'TÜTE' });
    const page = await portal.newPage(phone);
    await openUpload(page, company.id);
    expect(await downloaded(page, 'Download an empty template')).toMatch(/^sku,physical_on_hand/);

    await choose(page, firstChoice, csv('names.csv', 'article;color\nA;red\n'));
    await said(page, 'No row of names.csv was recorded');
    await expectNoViolations(page);
    await choose(
      page,
      'Choose the corrected file',
      csv('bestand.csv', Buffer.from('Artikelnummer;Bestand\nTÜTE;12\n', 'latin1')),
    );
    await said(page, 'No row of bestand.csv was recorded');
    await page.getByRole('button', { name: 'Send it as a CSV of Excel' }).click();
    await said(page, '1 row recorded');
    expect(await unitsOf(company, sku)).toBe(12);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('textbox', { name: 'TÜTE on hand' }).waitFor();
  });
});
