import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { readInAccount, withAccount, withUser, type UserDb } from '../../db/engine/with-account.ts';
import { acceptInvitation, type Acceptance } from '../../db/people/acceptance.ts';
import { forgetAttempts } from '../../db/people/attempts.ts';
import { findInvitation, linkInvalid, requireInvitation, type Invitation } from '../../db/people/invitations.ts';
import { listAccountsOf } from '../../db/people/memberships.ts';
import { peopleAccount } from '../../db/people/people-account.ts';
import { hashToken } from '../../db/people/tokens.ts';
import { findUserId, insertUser, newUserId, requireOwnUser } from '../../db/people/users.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertGoodPassword } from '../../domain/sign-in.ts';
import { logCause } from '../plugins/problems.ts';
import { readSystem } from '../request/reading.ts';
import type { invitationAcceptance, invitationShown } from '../schemas/people.ts';
import { beginSession, type Shown } from './begin-session.ts';
import { mailsLinks } from './links.ts';
import { attempt, checkPassword } from './password-sign-in.ts';
import { assertSameOrigin } from './same-origin.ts';
import { authoredBy, sessionOf } from './who.ts';

type Found = { invitation: Invitation; hash: Buffer; inviting: string; accountName: string };
type Given = z.output<typeof invitationAcceptance>;
/** `make` inserts a new person; `attempts` are to be forgotten. */
type Person = { userId: string; name: string; attempts: string[]; make?: (db: UserDb) => Promise<void> };

/** The invitation as the invited person sees it. @throws DomainError `link_invalid`; TooManyAttempts */
export async function look(request: FastifyRequest, token: string): Promise<z.output<typeof invitationShown>> {
  const { found, attempts } = await open(request, token);
  await withAccount(request.server.deps.pool, peopleAccount, (db) => forgetAttempts(db, attempts));
  const { invitation, inviting, accountName } = found;
  const { kind, email, role } = invitation;
  const known = await readSystem(request, (db) => findUserId(db, email));
  const isSelf = known !== undefined && (await sessionOf(request, null))?.userId === known;
  const own = isSelf && kind !== 'member' ? await adminOf(request, known) : [];
  const accounts = own.filter(({ id }) => id !== inviting);
  const isKnown = known !== undefined;
  return {
    kind,
    email,
    role,
    accountName,
    isKnown,
    needsPassword: !isKnown && !mailsLinks(request.server.deps),
    accounts,
  };
}

async function adminOf(request: FastifyRequest, userId: string): Promise<{ id: string; name: string }[]> {
  const accounts = await readSystem(request, (db) => listAccountsOf(db, userId));
  return accounts.filter(({ role }) => role === 'admin').map(({ id, name }) => ({ id, name }));
}

/**
 * Makes the person a member, or connects the person's company, and signs in.
 * @throws DomainError as the route declares; TooManyAttempts
 */
export async function accept(request: FastifyRequest, reply: FastifyReply, given: Given): Promise<Shown> {
  const { found, attempts } = await open(request, given.token);
  const { invitation, hash, inviting } = found;
  const person = await personFor(request, invitation, given);
  const account = await accountFor(request, invitation, { given, userId: person.userId });
  const { userId, name, make } = person;
  const acceptance: Acceptance = {
    ...{ invitation, hash, inviting, account },
    person: { name, email: invitation.email },
    author: authoredBy(userId, request),
    now: request.server.deps.now(),
  };
  let connectionId: string | null = null;
  const before = async (db: UserDb) => {
    // First the invitation: of two acceptances at once, the second finds it used.
    connectionId = await acceptInvitation(db, acceptance);
    await make?.(db);
  };
  const all = [...attempts, ...person.attempts];
  const session = await beginSession(request, reply, { userId, by: 'invitation', attempts: all, before });
  if (connectionId !== null) await setUp(request, connectionId);
  return session;
}

/** @throws DomainError `link_invalid` */
async function open(request: FastifyRequest, token: string): Promise<{ found: Found; attempts: string[] }> {
  assertSameOrigin(request);
  const { pool, now } = request.server.deps;
  const attempts = await attempt(request, { address: request.ip });
  const hash = hashToken(token);
  const place = await readSystem(request, (db) => findInvitation(db, hash));
  if (!place) throw linkInvalid();
  const { invitation, accountName } = await readInAccount(pool, place.accountId, async (db) => ({
    invitation: await requireInvitation(db, place.id, now()),
    accountName: (await requireOwnAccount(db)).name,
  }));
  if (invitation.status !== 'pending') throw linkInvalid();
  return { found: { invitation, hash, inviting: place.accountId, accountName }, attempts };
}

/**
 * The link alone does not sign in a known person: where no mail was sent, the inviting admin has it too.
 * @throws DomainError `sign_in_needed`, `sign_in_failed`, `password_not_acceptable`, `invalid_request`
 */
async function personFor(
  request: FastifyRequest,
  { email, sentByMail }: Invitation,
  { name, password }: Given,
): Promise<Person> {
  const { pool, passwords, now } = request.server.deps;
  const known = await readSystem(request, (db) => findUserId(db, email));
  if (known !== undefined) {
    const attempts = await proven(request, { userId: known, email, password });
    return { userId: known, name: (await withUser(pool, known, requireOwnUser)).name, attempts };
  }
  if (name === undefined) throw missing('name', 'A new person needs a name.');
  // Nobody could sign in again without one.
  if (password === undefined && !mailsLinks(request.server.deps)) throw missing('password', 'Choose a password.');
  if (password !== undefined) assertGoodPassword(password, email);
  const passwordHash = password === undefined ? null : await passwords.hash(password);
  const verifiedAt = sentByMail ? now() : null;
  const make = (db: UserDb) => insertUser(db, { email, name, passwordHash, verifiedAt });
  return { userId: newUserId(), name, attempts: [], make };
}

async function proven(
  request: FastifyRequest,
  person: { userId: string; email: string; password: string | undefined },
): Promise<string[]> {
  const { userId, email, password } = person;
  if ((await sessionOf(request, null))?.userId === userId) return [];
  if (password === undefined)
    throw new DomainError('sign_in_needed', 'This e-mail has a person already. Sign in first, or send the password.');
  return (await checkPassword(request, { email, password })).attempts;
}

/** @throws DomainError `account_not_found` where the person is not admin of the account, `invalid_request` */
async function accountFor(
  request: FastifyRequest,
  { kind }: Invitation,
  { given, userId }: { given: Given; userId: string },
): Promise<Acceptance['account']> {
  const { accountId, accountName } = given;
  if (kind === 'member') return { name: '' };
  if (accountId !== undefined) {
    const own = await adminOf(request, userId);
    if (own.some(({ id }) => id === accountId)) return { id: accountId };
    throw new DomainError('account_not_found', `There is no account ${accountId}.`);
  }
  if (accountName === undefined) throw missing('accountName', 'Name your company.');
  return { name: accountName };
}

/** The connection is committed: where Temporal is away, the sweep starts its set-up later. */
async function setUp(request: FastifyRequest, connectionId: string): Promise<void> {
  await request.server.deps.workflows.setUpConnection(connectionId).catch((error) => logCause(error, request));
}

const missing = (field: string, text: string) =>
  new DomainError('invalid_request', text, [{ pointer: `/${field}`, detail: 'is missing' }]);
