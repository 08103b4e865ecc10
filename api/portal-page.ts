import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './deps.ts';

// No inline script or style, no other origin, no frame. Trusted Types besides: no text becomes code.
const policy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `manifest-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
].join('; ');

/** Names of files in it change with their contents. */
const assets = '/portal/assets/';

/**
 * The web portal at /portal: the files that `npm run build` made in this folder. Each other path below /portal is the page
 * itself, which reads its address. Without the files there is no portal; all else serves.
 */
export const portalPage =
  (folder: string) =>
  async (app: App): Promise<void> => {
    const index = join(folder, 'index.html');
    if (!existsSync(index)) {
      app.log.warn('There is no built portal; the API serves without it.');
      return;
    }
    const page = readFileSync(index);
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/portal/'));
    await app.register(
      async (portal) => {
        portal.addHook('onSend', async (_request, reply, payload) => {
          void reply.header('content-security-policy', policy);
          return payload;
        });
        await serveFiles(portal, folder);
        const sendPage = (request: FastifyRequest, reply: FastifyReply) => {
          if (request.url.startsWith(assets)) return reply.callNotFound();
          return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
        };
        portal.get('/portal', { schema: { hide: true } }, (_request, reply) => reply.redirect('/portal/'));
        for (const url of ['/portal/', '/portal/*']) portal.get(url, { schema: { hide: true } }, sendPage);
      },
      { logLevel: 'silent' },
    );
  };

/** Compressed beforehand (`portal/vite.config.ts`). A release has new names, so what has a hash in its name stays for good. */
async function serveFiles(portal: App, folder: string): Promise<void> {
  await portal.register(fastifyStatic, {
    root: folder,
    prefix: '/portal/',
    index: false,
    wildcard: false,
    globIgnore: ['index.html', '**/*.gz', '**/*.br'],
    preCompressed: true,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes('/assets/');
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
