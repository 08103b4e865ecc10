import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';
import { aCompany } from '../support/trade/trade.ts';

const portal = openPortal();

const password = 'correct horse battery';
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Two admins and a page of the first; the second is there so that either may go. */
async function aTeam(path: string) {
  const company = await aCompany(portal.world);
  const [admin, other] = [
    await portal.aPerson([{ account: company.id, role: 'admin' }]),
    await portal.aPerson([{ account: company.id, role: 'member' }]),
  ];
  const page = await portal.newPage();
  await portal.signIn(page, { account: company.id, person: admin, path });
  return { company, admin, other, page };
}

inBrowser('the people of an account', () => {
  it('grow by an invitation, whose link signs the person up', async () => {
    const company = await aCompany(portal.world);
    const page = await portal.newPage();
    await portal.signIn(page, { account: company.id, path: 'settings/people' });
    await page.getByRole('heading', { name: 'Nobody else yet' }).waitFor();
    await expectNoViolations(page);
    await button(page, 'Invite person').first().click();
    await page.getByLabel('E-mail').fill('jonas@summit.example');
    await page.getByRole('radio', { name: /^Packer/ }).check();
    await expectNoViolations(page);
    await button(page, 'Send invitation').click();
    const link = await page.getByLabel('Link of the invitation').inputValue();
    await button(page, 'Done').click();
    await page.getByRole('row', { name: /jonas@summit.example .* Packer Invited/ }).waitFor();

    const there = await portal.newPage();
    await there.goto(link);
    await heading(there, `Join ${company.name}`);
    await there.getByLabel('Your name').fill('Jonas Weber');
    await there.getByLabel('Choose a password').fill(password);
    await button(there, 'Accept invitation').click();
    await heading(there, 'Orders');
    await there.getByRole('button', { name: new RegExp(company.name) }).waitFor();

    await page.reload();
    await page.getByRole('row', { name: /Jonas Weber jonas@summit.example Packer/ }).waitFor();
    expect(await page.getByRole('heading', { name: 'Invitations' }).count()).toBe(0);
  });

  it('are invited by one link at a time, and not after it is withdrawn', async () => {
    const { page } = await aTeam('settings/people');
    await button(page, 'Invite person').click();
    await page.getByLabel('E-mail').fill('ines@summit.example');
    await button(page, 'Send invitation').click();
    const first = await page.getByLabel('Link of the invitation').inputValue();
    await button(page, 'Done').click();
    await button(page, 'New link for ines@summit.example').click();
    const second = await page.getByLabel('Link of the invitation').inputValue();
    await button(page, 'Done').click();
    const there = await portal.newPage();
    const isRefused = async (link: string) => {
      await there.goto('about:blank');
      await there.goto(link);
      await there.getByRole('alert').filter({ hasText: 'does not work any more' }).waitFor();
    };

    expect(second).not.toBe(first);
    await isRefused(first);
    await button(page, 'Withdraw the invitation of ines@summit.example').click();
    await button(page, 'Withdraw invitation').click();
    await page.getByText('The invitation is withdrawn').waitFor();
    await isRefused(second);
  });

  it('lose the buttons with the role', async () => {
    const { company, other, page } = await aTeam('settings/people');
    const there = await portal.newPage();
    await portal.signIn(there, { account: company.id, person: other, path: 'products' });
    await there.getByRole('button', { name: 'Add product' }).first().waitFor();
    await button(page, `Change role of ${other.name}`).click();
    await page.getByRole('radio', { name: /^Viewer/ }).check();
    await expectNoViolations(page);
    await button(page, 'Change role').click();
    await page.getByRole('row', { name: new RegExp(`${other.name} .* Viewer`) }).waitFor();

    await there.reload();
    await heading(there, 'Products');
    await there.getByRole('button', { name: new RegExp(company.name) }).waitFor();
    expect(await there.getByRole('button', { name: 'Add product' }).count()).toBe(0);

    await there.goto(`/portal/${company.id}/settings/people`);
    await there.getByRole('row', { name: new RegExp(other.name) }).waitFor();
    expect(await there.getByRole('main').getByRole('button').count()).toBe(0);
    await there.goto(`/portal/${company.id}/settings/keys`);
    await there.getByRole('heading', { name: 'Only an admin sees the keys' }).waitFor();
    await expectNoViolations(there);
  });

  it('see nothing once they are removed', async () => {
    const { company, other, page } = await aTeam('settings/people');
    const there = await portal.newPage();
    await portal.signIn(there, { account: company.id, person: other, path: 'inventory' });
    await heading(there, 'Inventory');
    await button(page, `Remove ${other.name}`).click();
    await expectNoViolations(page);
    await button(page, 'Remove person').click();
    await page.getByText(`${other.name} is removed`).waitFor();
    await page.getByRole('row', { name: new RegExp(other.name) }).waitFor({ state: 'detached' });

    await there.getByRole('link', { name: 'Attention' }).click();
    await heading(there, 'This page is not here');
    await there.getByRole('navigation').getByText(company.name).waitFor({ state: 'detached' });
  });

  it('have an admin as long as there is anybody', async () => {
    const { admin, page } = await aTeam('settings/people');
    await button(page, `Change role of ${admin.name}`).click();
    await page.getByRole('radio', { name: /^Member/ }).check();
    await page.getByText('You lose what the new role does not allow.').waitFor();
    await button(page, 'Change role').click();

    await page.getByRole('alert').filter({ hasText: 'no other admin' }).waitFor();
    await button(page, 'Keep the role').click();
    await button(page, 'Leave this account').click();
    await button(page, 'Leave account').click();
    await page.getByRole('alert').filter({ hasText: 'no other admin' }).waitFor();
  });
});

inBrowser('API keys', () => {
  it('work until they are revoked', async () => {
    const { company, page } = await aTeam('settings/keys');
    await button(page, 'Make key').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Scanner in hall 2');
    await page.getByRole('radio', { name: /^Ship/ }).check();
    await expectNoViolations(page);
    await button(page, 'Make key').click();
    const secret = await page.getByLabel('API key', { exact: true }).inputValue();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('API key', { exact: true }).inputValue()).toBe(secret);
    await button(page, 'Done').click();
    await page.getByRole('row', { name: /Scanner in hall 2 .* Ship .* Never/ }).waitFor();
    expect(await page.content()).not.toContain(secret);

    const rest = portal.world.as(secret);
    const me = await rest.get<{ account: { id: string }; scopes: string[] }>('/me');
    expect(me).toMatchObject({ account: { id: company.id }, scopes: ['ship'] });
    await button(page, 'Revoke Scanner in hall 2').click();
    await expectNoViolations(page);
    await button(page, 'Revoke key').click();
    await page.getByRole('row', { name: /Scanner in hall 2 .* Revoked/ }).waitFor();

    const refused = await rest.api.GET('/v1/orders');
    expect(refused.response.status).toBe(401);
  });
});

inBrowser('the profile', () => {
  it('sets a password that signs in, and the name that others see', async () => {
    const { company, admin, page } = await aTeam('settings/profile');
    await page.getByRole('textbox', { name: 'Name' }).fill('Dana W.');
    await button(page, 'Save changes').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByLabel('New password').fill('short');
    await button(page, 'Save password').click();
    await page.getByRole('alert').filter({ hasText: '12 characters' }).waitFor();
    await page.getByLabel('New password').fill(password);
    await button(page, 'Save password').click();
    await page.getByText('Password saved').waitFor();
    await page.getByLabel('Present password').fill('not the password');
    await page.getByLabel('New password').fill(`${password} staple`);
    await button(page, 'Save password').click();
    await page.getByText('This is not your present password.').waitFor();

    const { data } = await company.rest.get<{ data: { userId: string; name: string }[] }>('/members');
    expect(data).toContainEqual(expect.objectContaining({ userId: admin.id, name: 'Dana W.' }));
    const there = await portal.newPage();
    await there.goto('/portal/sign-in');
    await there.getByLabel('E-mail', { exact: true }).fill(admin.email);
    await there.getByLabel('Password', { exact: true }).fill(password);
    await button(there, 'Sign in').click();
    await heading(there, 'Orders');
  });

  it('ends another device', async () => {
    const { company, admin, page } = await aTeam('settings/profile');
    const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1'; // prettier-ignore
    const there = await portal.newPage({ ...phone, userAgent });
    await portal.signIn(there, { account: company.id, person: admin });
    await heading(there, 'Orders');
    await page.reload();
    await button(page, 'Sign out Safari on iPhone').click();
    await page.getByText('Signed out: Safari on iPhone').waitFor();
    await page.getByRole('list', { name: 'Signed in on' }).getByText('Safari on iPhone').waitFor({ state: 'detached' });

    await there.reload();
    await heading(there, 'Sign in');
    await page.reload();
    await heading(page, 'Settings');
  });

  it('chooses the language and rests the single keys', async () => {
    const { page } = await aTeam('settings/profile');
    await page.getByRole('switch', { name: /Single keys work/ }).uncheck();
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByLabel('Language').selectOption('Deutsch');

    await heading(page, 'Einstellungen');
    await page.reload();
    await heading(page, 'Einstellungen');
    await page.getByRole('heading', { name: 'Angemeldet auf' }).waitFor();
    await expectNoViolations(page);
  });
});

inBrowser('the settings', () => {
  const ready = { people: 'Members', keys: 'test', profile: 'Signed in on' } as const;

  it.each(['people', 'keys', 'profile'] as const)('meet WCAG on %s, light, dark and on a phone', async (path) => {
    const { company, admin, page } = await aTeam(`settings/${path}`);
    const isReady = (shown: Page) => shown.getByText(ready[path], { exact: true }).filter({ visible: true }).first();
    await isReady(page).waitFor();
    await expectNoViolations(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNoViolations(page);

    const small = await portal.newPage(phone);
    await portal.signIn(small, { account: company.id, person: admin, path: `settings/${path}` });
    await isReady(small).waitFor();
    await expectNoViolations(small);
    expect(await small.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });
});
