import { expect, it } from '@jest/globals';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startVendureServer } from '../support/fakes/vendure-server.ts';
import { persistently } from '../support/trade/stage.ts';
import { aCompany, aConnection } from '../support/trade/trade.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const password = 'the right one';
const shop = forTheFile(() => startVendureServer(0, password));
const portal = openPortal({
  // Known once the shop listens.
  get allowedHosts() {
    return [shop.host];
  },
});

type Schedule = { task: string; interval: string; paused: boolean };
type Shown = { id: string; name: string };

inBrowser('a sales channel', () => {
  it('is set up in three steps, after a wrong password, and removed again', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, path: 'channels' });

    await page.getByRole('heading', { name: 'No sales channel yet' }).waitFor();
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'Add channel' }).first().click();
    await page.getByRole('button', { name: /Vendure shop/ }).click();
    await page.getByLabel('Your name for it').fill('Web shop');
    await page.getByLabel('Address of the shop').fill(shop.url);
    await page.getByLabel('User name', { exact: true }).fill('superadmin');
    await page.getByLabel('Password', { exact: true }).fill('a wrong one');
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Add and check' }).click();
    await page.getByRole('alert').getByText('The shop refuses the credentials').waitFor();
    await expectNoViolations(page);

    await page.getByRole('button', { name: 'Change address or credentials' }).click();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Save and check' }).click();
    await page.getByText('The shop answers, and we have all permissions').waitFor();
    expect(await page.getByRole('list', { name: 'Permissions' }).getByRole('img', { name: 'There' }).count()).toBe(5);
    await expectNoViolations(page);

    await page.getByRole('link', { name: 'Open the channel' }).click();
    await page.getByRole('heading', { level: 1, name: 'Web shop' }).waitFor();
    const list = () => company.rest.get<{ data: Shown[] }>('/channels');
    expect((await list()).data).toMatchObject([{ name: 'Web shop', kind: 'vendure' }]);
    await page.getByRole('button', { name: 'Remove channel' }).click();
    await page
      .getByRole('dialog')
      .getByText(/credentials are deleted/)
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove channel' }).click();
    await page.getByRole('heading', { name: 'No sales channel yet' }).waitFor();
    expect((await list()).data).toEqual([]);
  });

  it('of another kind asks for what that kind needs, and says at its field what is wrong', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, path: 'channels?add=1' });

    await page.getByRole('button', { name: /WooCommerce shop/ }).click();
    await page.getByLabel('Your name for it').fill('Web shop');
    await page.getByLabel('Address of the shop').fill('http://10.0.0.7');
    await page.getByLabel('Consumer key').fill(`ck_${'0'.repeat(40)}`);
    await page.getByLabel('Consumer secret').fill(`cs_${'0'.repeat(40)}`);
    await page.getByText('More settings').click();
    await page.getByLabel('Statuses of orders to ship').fill('processing, packed');
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Add and check' }).click();

    await page.getByRole('alert').getByText('must be an https URL').waitFor();
    await page.locator('input:focus').and(page.getByLabel('Address of the shop')).waitFor();
  });
});

inBrowser('the schedules of a merchant', () => {
  it('are paused and changed, run at once, and Cancel Orders is switched on', async () => {
    const [merchant, supplier] = [await aCompany(portal.world), await aCompany(portal.world)];
    const { connectionId, portalId } = await aConnection(portal.world, merchant, supplier);
    const schedules = async () =>
      (await persistently(() => supplier.rest.get<{ data: Schedule[] }>(`/channels/${portalId}/schedules`))).data;
    const scheduleOf = async (name: string) => (await schedules()).find(({ task }) => task === name)!;
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, role: 'member', path: 'merchants' });
    await page.getByRole('link', { name: merchant.name }).click();
    await page.waitForURL(`**/merchants/${connectionId}`);

    const row = page.getByRole('row', { name: /^Import Orders / });
    await row.getByRole('switch', { name: 'Import Orders runs by itself' }).uncheck();
    await row.getByText('Paused').waitFor();
    await expectNoViolations(page);
    expect(await scheduleOf('import_orders')).toMatchObject({ paused: true });
    await row.getByLabel('How often Import Orders runs').selectOption('Every 6 hours');
    await page.getByText('Import Orders: Every 6 hours').waitFor();
    expect(await scheduleOf('import_orders')).toMatchObject({ paused: true, interval: '6h' });

    await row.getByRole('button', { name: 'Run now: Import Orders' }).click();
    await row.getByText('Nothing to do').waitFor();
    const { data: runs } = await supplier.rest.get<{ data: object[] }>('/tasks?type=import_orders');
    expect(runs).toMatchObject([{ trigger: 'sync', status: 'succeeded' }]);

    await page.getByRole('switch', { name: /^Take over what the merchant cancels/ }).check();
    await waitUntil(async () => !(await scheduleOf('cancel_orders')).paused);
    await page.getByRole('button', { name: 'Run now: Cancel Orders' }).waitFor();
  });

  it('are read, not changed, by a viewer on a phone', async () => {
    const [merchant, supplier] = [await aCompany(portal.world), await aCompany(portal.world)];
    const { connectionId } = await aConnection(portal.world, merchant, supplier);
    const page = await portal.newPage(phone);
    await portal.signIn(page, { account: supplier.id, role: 'viewer', path: `merchants/${connectionId}` });

    await page.getByRole('listitem').getByText('Import Orders', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Run/ }).count()).toBe(0);
    expect(await page.getByRole('switch', { disabled: false }).count()).toBe(0);
    await expectNoViolations(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });

  it('belong to a merchant who asked, and whom an admin accepted', async () => {
    const [merchant, supplier] = [await aCompany(portal.world), await aCompany(portal.world)];
    const { id } = await merchant.rest.post<{ id: string }>('/connections', { supplierAccountId: supplier.id });
    const page = await portal.newPage();
    await portal.signIn(page, { account: supplier.id, path: 'merchants' });

    await page.getByText(`${merchant.name} wants you to ship for it`).first().waitFor();
    await page.getByRole('button', { name: `Accept ${merchant.name}` }).click();
    await page.getByRole('link', { name: merchant.name }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause merchant' }).click();
    await page.getByText('Paused: nothing new comes in').waitFor();

    expect(await merchant.rest.get(`/connections/${id}`)).toMatchObject({ status: 'paused' });
  });
});
