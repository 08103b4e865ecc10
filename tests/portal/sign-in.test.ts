import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { aCompany } from '../support/trade/trade.ts';
import { inBrowser, openPortal, phone } from '../support/portal/portal.ts';
import { expectNoViolations } from '../support/portal/violations.ts';

const portal = openPortal();

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
const password = 'correct horse battery';

/** Somebody who has chosen a password on the page for it. */
async function withPassword() {
  const company = await aCompany(portal.world);
  const person = await portal.aPerson([{ account: company.id, role: 'admin' }]);
  const page = await portal.newPage();
  await portal.signIn(page, { account: company.id, person });
  await page.goto('/portal/password');
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Save password' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: /12 characters/ })
    .waitFor();
  await expectNoViolations(page);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Save password' }).click();
  await heading(page, 'Orders');
  return { company, person, page };
}

async function signIn(page: Page, email: string, given: string) {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(given);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function emailIn(page: Page): Promise<string> {
  const answer = await page.request.get('/v1/session', { headers: { origin: portal.world.url } });
  return /"email":"([^"]+)"/.exec(await answer.text())![1]!;
}

inBrowser('sign-in', () => {
  it('by a password leads back to the page that was asked for', async () => {
    const { company, person } = await withPassword();
    const page = await portal.newPage();

    await page.goto(`/portal/${company.id}/inventory?view=oversold`);
    await heading(page, 'Sign in');
    await expectNoViolations(page);
    await signIn(page, person.email, 'not the password');
    await page.getByRole('alert').waitFor();
    await expectNoViolations(page);
    await signIn(page, person.email, password);

    await page.waitForURL(`**/portal/${company.id}/inventory?view=oversold`);
    await heading(page, 'Inventory');
  });

  it('ends at sign-out, in every tab', async () => {
    const { company, page } = await withPassword();
    const other = await page.context().newPage();
    await other.goto(`/portal/${company.id}/orders`);
    await heading(other, 'Orders');

    await page.getByRole('button', { name: 'Settings and sign-out' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in');
    await other.keyboard.press('g');
    await other.keyboard.press('i');

    await other.reload();
    await heading(other, 'Sign in');
  });

  it('by a link works once, and leaves no token in the address', async () => {
    const company = await aCompany(portal.world);
    const person = await portal.aPerson([{ account: company.id, role: 'packer' }]);
    const link = await portal.aLink(person);
    const page = await portal.newPage(phone);

    await page.goto(`${link}&to=/portal/${company.id}/attention`);
    await heading(page, 'Attention');
    expect(page.url()).not.toContain('#');
    const again = await portal.newPage();
    await again.goto(link);
    await again.getByRole('alert').filter({ hasText: 'This link does not work any more' }).waitFor();
    await expectNoViolations(again);
    await again.getByRole('link', { name: 'Go to sign-in' }).click();

    await heading(again, 'Sign in');
  });

  it('by a link does not lead to another site', async () => {
    const company = await aCompany(portal.world);
    const person = await portal.aPerson([{ account: company.id, role: 'packer' }]);
    const page = await portal.newPage();

    await page.goto(`${await portal.aLink(person)}&to=//elsewhere.example/portal/`);

    await heading(page, 'Orders');
    expect(new URL(page.url()).origin).toBe(portal.world.url);
  });

  it('by a link goes on where the page of the link is malformed', async () => {
    const company = await aCompany(portal.world);
    const person = await portal.aPerson([{ account: company.id, role: 'packer' }]);
    const page = await portal.newPage();

    await page.goto(`${await portal.aLink(person)}&to=%E0%A4%A`);

    await heading(page, 'Orders');
  });

  it('by a link asks first where somebody is signed in already', async () => {
    const { company, person, page } = await withPassword();
    const other = await portal.aPerson([{ account: company.id, role: 'packer' }]);
    const link = await portal.aLink(other);

    await page.goto(link);
    await page.getByText(person.email).waitFor();
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'Stay signed in as you are' }).click();
    await heading(page, 'Orders');
    expect(await emailIn(page)).toBe(person.email);
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in by the link' }).click();

    await heading(page, 'Orders');
    expect(await emailIn(page)).toBe(other.email);
  });

  it('by a link lets choose another password where the present one is forgotten', async () => {
    const { person } = await withPassword();
    const page = await portal.newPage();
    await page.goto(await portal.aLink(person));
    await heading(page, 'Orders');

    await page.goto('/portal/password');
    await page.getByLabel('New password').fill(`${password} staple`);
    expect(await page.locator('input[name=current]').count()).toBe(0);
    await page.getByRole('button', { name: 'Save password' }).click();
    await heading(page, 'Orders');

    await page.goto('/portal/password');
    await page.locator('input[name=current]').waitFor();
  });

  it('is asked for when a session has ended elsewhere', async () => {
    const { company, person, page } = await withPassword();
    const other = await portal.newPage();
    await portal.signIn(other, { account: company.id, person });
    await heading(other, 'Orders');

    const answer = await other.request.put('/v1/session/password', {
      headers: { origin: portal.world.url },
      data: { currentPassword: password, password: `${password} staple` },
    });
    expect(answer.status()).toBe(204);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.reload();

    await heading(page, 'Sign in');
  });
});

inBrowser('an invitation', () => {
  it('makes a person a member, and signs in', async () => {
    const company = await aCompany(portal.world);
    const email = `new-${company.id}@summit.example`.toLowerCase();
    const { link } = await company.rest.post<{ link: string }>('/invitations', {
      email,
      kind: 'member',
      role: 'packer',
    });
    const page = await portal.newPage();

    await page.goto(new URL(link).pathname + new URL(link).hash);
    await heading(page, `Join ${company.name}`);
    expect(page.url()).not.toContain('#');
    await expectNoViolations(page);
    await page.getByLabel('Your name').fill('Jonas Weber');
    await page.getByLabel('Choose a password').fill(password);
    await page.getByRole('button', { name: 'Accept invitation' }).click();

    await page.waitForURL(`**/portal/${company.id}/orders`);
    const { data } = await company.rest.get<{ data: { name: string; role: string }[] }>('/members');
    expect(data).toContainEqual(expect.objectContaining({ name: 'Jonas Weber', role: 'packer' }));
  });

  it('connects a supplier with an account of its own', async () => {
    const company = await aCompany(portal.world);
    const email = `ship-${company.id}@summit.example`.toLowerCase();
    const { link } = await company.rest.post<{ link: string }>('/invitations', { email, kind: 'supplier' });
    const page = await portal.newPage();

    await page.goto(new URL(link).pathname + new URL(link).hash);
    await heading(page, `Ship for ${company.name}`);
    await page.getByLabel('Your name').fill('Ines Moreau');
    await page.getByLabel('Name of your company').fill('Moreau Frères');
    await page.getByRole('button', { name: 'Accept invitation' }).click();
    // Without mail a person without a password could not sign in again.
    await page.locator('input[name=password]:invalid').waitFor();
    await page.getByLabel('Choose a password').fill(password);
    await page.getByRole('button', { name: 'Accept invitation' }).click();

    await heading(page, 'Orders');
    await page.getByRole('link', { name: 'Merchants' }).waitFor();
    const { data } = await company.rest.get<{ data: { status: string }[] }>('/connections');
    expect(data).toEqual([expect.objectContaining({ status: 'active' })]);
  });
});
