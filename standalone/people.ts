import { linkPath } from '../api/people/links.ts';
import { createPool, type Pool } from '../db/engine/pool.ts';
import {
  disablePerson,
  enablePerson,
  findPerson,
  hasAnySession,
  isDisabled,
  isEmpty,
  printedLink,
  provisionAccount,
  provisionPerson,
  type Provisioned,
} from '../db/people/provision.ts';

/** Where the rows are, and the portal's address without a path. */
export type Place = { appUrl: string; systemUrl: string; portal: string };

/**
 * Makes a person where the e-mail is new, with these memberships.
 * @param to the path after sign-in, one for each link; null for the portal's start
 * @returns links that sign in; each works once, for 24 hours
 */
export const signInLinks = (place: Place, person: Provisioned, to: readonly (string | null)[]): Promise<string[]> =>
  onPool(place, async (pool) => {
    const userId = await provisionPerson(pool, person, new Date());
    const links: string[] = [];
    for (const path of to) {
      const token = await printedLink(pool, userId, new Date());
      links.push(`${place.portal}${linkPath('link', token)}${path === null ? '' : `&to=${path}`}`);
    }
    return links;
  });

/** What the command line may do to somebody who is there. */
type State = 'disabled' | 'enabled';

/** Disables or enables a person. @returns whether there is a person with the e-mail */
export const switchPerson = (place: Place, email: string, state: State): Promise<boolean> =>
  onPool(place, async (pool) => {
    const userId = await findPerson(pool, email);
    if (userId === undefined) return false;
    await (state === 'disabled' ? disablePerson(pool, userId, new Date()) : enablePerson(pool, userId));
    return true;
  });

/** Whether the e-mail is of somebody who is disabled. */
export const isDisabledPerson = (place: Place, email: string): Promise<boolean> =>
  onPool(place, async (pool) => {
    const userId = await findPerson(pool, email);
    return userId !== undefined && (await isDisabled(pool, userId));
  });

/** The link of the first admin, with a company where there is none. Null after somebody has signed in. */
export async function firstAdminLink(place: Place): Promise<string | null> {
  const memberships = await onPool(place, async (pool) => {
    if (await hasAnySession(pool)) return null;
    return (await isEmpty(pool))
      ? [{ accountId: await provisionAccount(pool, 'My company'), role: 'admin' as const }]
      : [];
  });
  if (memberships === null) return null;
  const admin = { email: 'admin@localhost', name: 'Admin', staff: true, memberships };
  return (await signInLinks(place, admin, [null]))[0]!;
}

async function onPool<T>({ appUrl, systemUrl }: Place, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ appUrl, systemUrl, name: 'vendor-portals-people', size: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.destroy();
  }
}
