import type { FastifyRequest } from 'fastify';

/** The token stands behind `#`: browsers send that part to no server. */
export const linkPath = (page: 'link' | 'invitation', token: string): string => `/portal/${page}#${token}`;

/** For a person who sees the answer. A mail needs the configured address: a caller chooses the Host header. */
export const linkFor = ({ server, protocol, host }: FastifyRequest, path: string): string =>
  `${server.deps.publicUrl ?? `${protocol}://${host}`}${path}`;
