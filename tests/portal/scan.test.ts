import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { dataOf, type Shipment } from '../../clients/typescript/src/index.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { dark, inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { anotherMerchant, suppliedOrders } from '../support/portal/supplier-orders.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { acceptCancel, aTradedSku, cancel, type TradedSku } from '../support/trade/cancel-trade.ts';
import { orderOf, type Company } from '../support/trade/trade.ts';

const portal = openPortal();

const label = (at: number): string => `1Z999AA1${String(10_000_000 + at)}`.padEnd(18, '0');
/** As a scanner sends it: all signs, then Enter. */
const scan = (page: Page, ...texts: string[]) => page.keyboard.type(texts.map((text) => `${text}\n`).join(''));
const field = (page: Page, name: string | RegExp = 'Order number') => page.getByRole('textbox', { name, exact: true });
const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });
const recorded = (page: Page, parcels: string) => page.getByText(parcels, { exact: true }).waitFor({ timeout: 40_000 });

const shipmentsOf = async ({ rest }: Company): Promise<Shipment[]> =>
  (await dataOf(rest.api.GET('/v1/shipments', { params: { query: { limit: 100 } } }))).data;

async function atTheBench({ supplier }: TradedSku, options: Parameters<typeof portal.newPage>[0] = {}) {
  const page = await portal.newPage(options);
  await portal.signIn(page, { account: supplier.id, role: 'packer', path: 'ship' });
  await field(page).waitFor();
  await page.getByRole('heading', { name: 'Scan & ship' }).waitFor();
  return page;
}

/** Asks the supplier to cancel, and waits until it knows. */
async function askedToCancel({ merchant, supplier }: TradedSku, number: string, supplierOrderId: string) {
  const { data } = await dataOf(merchant.rest.api.GET('/v1/order-rows', { params: { query: { number } } }));
  await cancel(merchant, data[0]!.id);
  await waitUntil(async () => (await orderOf(supplier, supplierOrderId)).cancelRequestedAt);
}

inBrowser('scan and ship', () => {
  it('takes 20 scans at full speed: none lost, none doubled', async () => {
    const traded = await aTradedSku(portal.world);
    const wanted = Array.from({ length: 10 }, (_, at) => ({ number: `S-${100 + at}`, quantity: 1 + (at % 3) }));
    const rows = await suppliedOrders(traded, wanted);
    const page = await atTheBench(traded);

    await scan(page, ...wanted.flatMap(({ number }, at) => [number, label(at)]));
    await recorded(page, '10 parcels');
    // Scanners send twice.
    await scan(page, label(9));
    await page.getByText(/was scanned twice/).waitFor();
    await expectNoViolations(page);

    const shipments = await shipmentsOf(traded.supplier);
    expect(shipments.map(({ orderId, trackingNumber, carrier }) => [orderId, trackingNumber, carrier]).sort()).toEqual(
      rows.map(({ id }, at) => [id, label(at), 'ups']).sort(),
    );
    expect(shipments.reduce((sum, { lines }) => sum + lines[0]!.quantity, 0)).toBe(19);
    // The merchant has them as well.
    await waitUntil(async () => (await shipmentsOf(traded.merchant)).length === 10);
  });

  it('stands still at a wrong scan until Esc; Enter does not go on, and what was scanned meanwhile is not lost', async () => {
    const traded = await aTradedSku(portal.world);
    await suppliedOrders(traded, [{ number: 'W-1' }, { number: 'W-2' }]);
    const page = await atTheBench(traded);

    await scan(page, 'W-99', 'W-1', label(1));
    await alert(page, 'There is no order W-99.').waitFor();
    await page.getByText('2 scans wait').waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Go on/ }).press('Enter');
    expect(await alert(page, 'There is no order W-99.').isVisible()).toBe(true);
    expect(await shipmentsOf(traded.supplier)).toEqual([]);

    await field(page).press('Escape');
    await recorded(page, '1 parcel');
    expect(await page.locator('input:focus').getAttribute('id')).toBe('scan');
    expect(await page.getByRole('listitem').filter({ hasText: 'There is no order W-99.' }).isVisible()).toBe(true);

    // A label without an order, and an order's number where a label was due.
    await scan(page, label(7));
    await alert(page, `${label(7)} is a tracking number`).waitFor();
    await page.keyboard.press('Escape');
    await scan(page, 'W-2', 'W-1');
    await alert(page, 'Order W-2 has no label yet.').waitFor();
    await page.keyboard.press('Escape');
    await alert(page, 'Order W-1 has shipped already.').waitFor();
    expect(await shipmentsOf(traded.supplier)).toHaveLength(1);
  });

  it('records a parcel once whose answers were lost, and says so after Esc', async () => {
    const traded = await aTradedSku(portal.world);
    await suppliedOrders(traded, [{ number: 'L-1' }]);
    const page = await atTheBench(traded);
    portal.forgive(/Failed to load resource: net::ERR_/);
    await scan(page, 'L-1');
    await field(page, 'Tracking number for L-1').waitFor();
    let isFirst = true;
    await page.route('**/v1/orders/*/shipments', async (route) => {
      // It arrives, and nobody hears of it.
      if (isFirst) await route.fetch();
      isFirst = false;
      await route.abort();
    });

    await scan(page, label(1));
    await alert(page, `${label(1)} got no answer.`).waitFor();
    await page.unrouteAll();
    await page.keyboard.press('Escape');

    await recorded(page, '1 parcel');
    expect(await shipmentsOf(traded.supplier)).toHaveLength(1);
  });

  it('refuses by name what is shipped, cancelled, or asked to be cancelled', async () => {
    const traded = await aTradedSku(portal.world);
    const { supplier, merchant } = traded;
    const [gone, dead, asked, later] = await suppliedOrders(
      traded,
      ['R-1', 'R-2', 'R-3', 'R-4'].map((number) => ({ number })),
    );
    const body = { carrier: 'ups', trackingNumber: label(50) };
    await dataOf(supplier.rest.api.POST('/v1/orders/{id}/shipments', { params: { path: { id: gone!.id } }, body }));
    await askedToCancel(traded, 'R-2', dead!.id);
    await acceptCancel(supplier, dead!.id);
    await askedToCancel(traded, 'R-3', asked!.id);
    const page = await atTheBench(traded);

    await scan(page, 'R-1');
    await alert(page, 'Order R-1 has shipped already.').waitFor();
    await page.keyboard.press('Escape');
    await scan(page, 'R-2');
    await alert(page, 'Order R-2 is cancelled.').waitFor();
    await page.keyboard.press('Escape');
    await scan(page, 'R-3');
    await alert(page, `${merchant.name} asks to cancel order R-3.`).waitFor();
    await page.keyboard.press('Escape');
    // Asked to be cancelled while it lies on the bench.
    await scan(page, 'R-4');
    await field(page, 'Tracking number for R-4').waitFor();
    await askedToCancel(traded, 'R-4', later!.id);
    await scan(page, label(51));
    await alert(page, `${merchant.name} asks to cancel order R-4.`).waitFor();
    expect(await shipmentsOf(supplier)).toHaveLength(1);
  });

  it('asks which order a number means, by a key; a scan in the meantime answers nothing', async () => {
    const traded = await aTradedSku(portal.world);
    const other = await anotherMerchant(portal.world, traded);
    await suppliedOrders(traded, [{ number: '1234' }]);
    const [second] = await suppliedOrders(other, [{ number: '1234' }]);
    const page = await atTheBench(traded);

    await scan(page, '1234');
    await alert(page, 'Which order 1234?').waitFor();
    await expectNoViolations(page);
    // Its first sign is a key of an answer.
    await scan(page, label(60));
    await page.getByText('1 scan waits').waitFor();
    const names = await page.getByRole('button', { name: /1234|Company/ }).allTextContents();
    const at = names.filter((name) => name.includes('To ship')).findIndex((name) => name.includes(other.merchant.name));
    await page.keyboard.press(String(at + 1));
    await recorded(page, '1 parcel');

    const [shipment] = await shipmentsOf(traded.supplier);
    expect(shipment).toMatchObject({ orderId: second!.id, trackingNumber: label(60) });
  });

  it('asks for an unknown carrier, takes fewer units, and voids the last parcel', async () => {
    const traded = await aTradedSku(portal.world);
    const [row] = await suppliedOrders(traded, [{ number: 'U-1', quantity: 3 }]);
    const page = await atTheBench(traded, { ...phone, ...dark });

    await scan(page, 'U-1');
    await field(page, 'Tracking number for U-1').waitFor();
    await page.getByRole('button', { name: /^One .* fewer$/ }).click();
    await page.getByText('Left for the next parcel: 1 unit.').waitFor();
    await expectNoViolations(page);
    await scan(page, 'XY-12');
    await alert(page, 'Who carries XY-12?').waitFor();
    await expectNoViolations(page);
    await page.getByRole('combobox', { name: 'Another carrier' }).selectOption({ label: 'DPD' });
    await page.getByRole('button', { name: 'Record parcel' }).click();
    await page.getByText('Parcel 2').waitFor();
    await scan(page, label(70));
    await recorded(page, '2 parcels');
    expect((await orderOf(traded.supplier, row!.id)).status).toBe('shipped');

    await page.getByRole('button', { name: 'Void parcel' }).click();
    await expectNoViolations(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Void parcel' }).click();
    await page.getByText('Voided', { exact: true }).waitFor();
    const shipments = await shipmentsOf(traded.supplier);
    expect(shipments.map(({ status, carrier, lines }) => [status, carrier, lines[0]!.quantity]).sort()).toEqual([
      ['recorded', 'dpd', 2],
      ['voided', 'ups', 1],
    ]);
    // Its unit is open again, and the field waits for a scan.
    expect((await orderOf(traded.supplier, row!.id)).status).toBe('partially_shipped');
    await scan(page, 'U-1');
    await field(page, 'Tracking number for U-1').waitFor();
  });
});
