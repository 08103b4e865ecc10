import { expect, it } from '@jest/globals';
import { aCompany } from '../support/trade/trade.ts';
import { inBrowser, openPortal } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

inBrowser('the frame', () => {
  it('names the account and the person', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage();
    const { name } = await portal.signIn(page, { account: company.id });
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await page.getByRole('button', { name: new RegExp(name) }).waitFor();
    await page.screenshot({ path: '/tmp/ground-frame.png' });
    await expectNoViolations(page);
    expect(await page.title()).toBe('Orders · Vendor Portals');
  });
});
