import { got, personApi, sent } from '../client.ts';
import type { Session } from '../queries/session.ts';

/** @throws ApiError `sign_in_failed`, `too_many_attempts` */
export const signIn = (body: { email: string; password: string }): Promise<Session> =>
  got(personApi.POST('/v1/session', { body }));

/** @throws ApiError `link_invalid` */
export const signInByLink = (token: string): Promise<Session> =>
  got(personApi.POST('/v1/session/link', { body: { token } }));

export const signOut = (): Promise<unknown> => got(personApi.DELETE('/v1/session'));

/** Answered alike whether somebody has the e-mail or not. */
export const sendSignInLink = (email: string): Promise<unknown> =>
  got(personApi.POST('/v1/session/links', { body: { email } }));

/** @throws ApiError `password_not_acceptable` */
export const changePassword = (body: { currentPassword?: string; password: string }): Promise<unknown> =>
  got(personApi.PUT('/v1/session/password', { body }));

export const renameUser = (name: string): Promise<Session> =>
  sent(() => personApi.PATCH('/v1/session/user', { body: { name } }));

/** Signs out there. @throws ApiError `device_not_found` */
export const endDevice = (id: string): Promise<unknown> =>
  got(personApi.DELETE('/v1/session/devices/{id}', { params: { path: { id } } }));
