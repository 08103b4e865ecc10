import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, for sessions, links and invitations. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The database stores this hash, not the token. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
