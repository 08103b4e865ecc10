import { afterEach, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { printedLink, provisionPerson } from '../../../db/people/provision.ts';
import type { Role } from '../../../domain/people.ts';
import { readyPortal } from '../../../standalone/build/portal.ts';
import { progressTo } from '../../../standalone/progress.ts';
import { root } from '../../../standalone/root.ts';
import { atTheEnd, forTheFile } from '../engine/for-the-file.ts';
import { persistently } from '../trade/stage.ts';
import { startWorld, type World, type WorldOptions } from '../trade/world.ts';
import { hasBrowser } from './browser.ts';
import { openBrowser } from './chromium.ts';
import { pageErrors } from './page-errors.ts';

export { inBrowser } from './browser.ts';

/** A member of one or more accounts. Each call of `aPerson` makes another. */
type Person = { id: string; name: string; email: string };

type SignIn = {
  /** The account whose pages are opened. */
  account: string;
  /** `admin` unless it is given. */
  role?: Role;
  /** Somebody who is a member already, in place of a new person. */
  person?: Person;
  /** Below the account's address; `orders` unless it is given. */
  path?: string;
};

type Portal = {
  world: World;
  browser: Browser;
  /** A page of a browser without cookies. Its errors fail the test. It is closed after the test. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  aPerson(memberships: readonly { account: string; role: Role }[], staff?: boolean): Promise<Person>;
  /** A link that signs this person in, once. */
  aLink(person: Person): Promise<string>;
  /** Signs in as a member of this account, and opens a page of it. */
  signIn(page: Page, how: SignIn): Promise<Person>;
  /** An error that this test causes on purpose. */
  forgive(pattern: RegExp): void;
};

/** A phone, and a dark screen, for `newPage`. */
export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;
export const dark = { colorScheme: 'dark' } as const;

/**
 * The whole service in this process with the built portal, and a browser, for one test file. Each test makes accounts and
 * persons of its own. A test fails on any error in its pages.
 */
export function openPortal(given: WorldOptions & { showsPdfs?: boolean } = {}): Portal {
  const errors = pageErrors();
  const contexts: BrowserContext[] = [];
  if (hasBrowser) {
    // Not in afterEach, whose failure would leave pages open for the next test.
    beforeEach(() => void errors.take());
    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      expect(errors.take()).toEqual([]);
    });
  }
  return forTheFile(async () => {
    if (!hasBrowser) return {} as Portal;
    // Read only now: an address may be known only once its server listens.
    const { showsPdfs = false, ...options } = given;
    const portalDir = await readyPortal(
      root,
      progressTo(() => undefined),
    );
    const [world, browser] = await Promise.all([startWorld({ ...options, portalDir }), openBrowser({ showsPdfs })]);
    atTheEnd(() => world.stop());
    atTheEnd(() => browser.close());
    const newPage = async (traits: BrowserContextOptions = {}) => {
      const context = await browser.newContext({
        baseURL: world.url,
        locale: 'en-US',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        viewport: { width: 1440, height: 900 },
        ...traits,
      });
      contexts.push(context);
      errors.watch(context);
      const page = await context.newPage();
      page.setDefaultTimeout(45_000);
      return page;
    };
    return { world, browser, newPage, forgive: errors.forgive, ...personsOf(world) };
  });
}

let made = 0;

function personsOf({ url, pool }: World): Pick<Portal, 'aPerson' | 'aLink' | 'signIn'> {
  const aPerson: Portal['aPerson'] = async (memberships, staff = false) => {
    made += 1;
    const person = { name: `Dana Whitfield ${made}`, email: `dana-${made}@summit.example` };
    const given = memberships.map(({ account, role }) => ({ accountId: account, role }));
    const id = await persistently(() => provisionPerson(pool, { ...person, staff, memberships: given }, new Date()));
    return { id, ...person };
  };
  const tokenFor = (person: Person) => persistently(() => printedLink(pool, person.id, new Date()));
  return {
    aPerson,
    aLink: async (person) => `${url}/portal/link#${await tokenFor(person)}`,
    async signIn(page, { account, role = 'admin', person, path = 'orders' }) {
      const who = person ?? (await aPerson([{ account, role }]));
      const data = { token: await tokenFor(who) };
      const answer = await page.context().request.post('/v1/session/link', { data, headers: { origin: url } });
      if (!answer.ok()) throw new Error(await answer.text());
      await page.goto(`/portal/${account}/${path}`);
      return who;
    },
  };
}
