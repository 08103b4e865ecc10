import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { answers, idParams, nothing } from '../schemas/common.ts';
import { devices, passwordChange, session, userChange } from '../schemas/session.ts';

const tags = ['people'];
const config = { access: 'person' } as const;
const notYet = () => Promise.reject(new DomainError('unexpected', 'Not yet.'));

/** What a person does with the own session and user, in no account. */
export function sessionRoutes(app: App): void {
  app.get(
    '/session',
    {
      config,
      schema: {
        tags,
        operationId: 'getSession',
        summary: 'Reads who is signed in',
        response: answers({ 200: session }, 'Who is signed in, with the accounts of the person.'),
      },
    },
    notYet,
  );
  app.delete(
    '/session',
    {
      config,
      schema: {
        tags,
        operationId: 'signOut',
        summary: 'Signs out',
        response: answers({ 204: nothing }, 'The session is ended, and its cookie is removed.'),
      },
    },
    notYet,
  );
  userRoutes(app);
  deviceRoutes(app);
}

function userRoutes(app: App): void {
  app.patch(
    '/session/user',
    {
      config,
      schema: {
        tags,
        operationId: 'updateUser',
        summary: 'Changes the own name',
        body: userChange,
        response: answers({ 200: session }, 'Who is signed in, as it is now.'),
      },
    },
    notYet,
  );
  app.put(
    '/session/password',
    {
      config,
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Sets the own password',
        description: 'It ends all other sessions of the person.',
        body: passwordChange,
        response: answers({ 204: nothing }, 'The password is set.'),
        errors: ['sign_in_failed', 'too_many_attempts', 'password_not_acceptable'],
      },
    },
    notYet,
  );
}

function deviceRoutes(app: App): void {
  app.get(
    '/session/devices',
    {
      config,
      schema: {
        tags,
        operationId: 'listDevices',
        summary: 'Lists where the person is signed in',
        response: answers({ 200: devices }, 'The sessions that have not ended, the last used first.'),
      },
    },
    notYet,
  );
  app.delete(
    '/session/devices/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'endDevice',
        summary: 'Ends a session of the person',
        params: idParams,
        response: answers({ 204: nothing }, 'The session is ended.'),
        errors: ['device_not_found'],
      },
    },
    notYet,
  );
}
