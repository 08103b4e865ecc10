import type { FastifyRequest } from 'fastify';
import type { AppDeps } from '../deps.ts';

/** The token stands behind `#`: browsers send that part to no server. */
export const linkPath = (page: 'link' | 'invitation', token: string): string => `/portal/${page}#${token}`;

/** Whether a person may ask for a link by mail. */
export const mailsLinks = ({ mailer, publicUrl }: Pick<AppDeps, 'mailer' | 'publicUrl'>): boolean =>
  mailer !== undefined && publicUrl !== undefined;

/** For a person who sees the answer. A mail needs the configured address: a caller chooses the Host header. */
export const linkFor = ({ server, protocol, host }: FastifyRequest, path: string): string =>
  `${server.deps.publicUrl ?? `${protocol}://${host}`}${path}`;
