import scalar from '@scalar/fastify-api-reference';
import type { App } from '../deps.ts';
import { documentRoutes } from './documents.ts';

// The page starts itself with one inline script and styles itself; no other origin, no eval.
const policy = [
  `default-src 'none'`,
  `script-src 'self' 'unsafe-inline'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `font-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The rendered API reference at /docs. This process serves all of it: the page loads no other origin. */
export async function docsPage(app: App): Promise<void> {
  documentRoutes(app);
  // Where a portal is served, `/` leads to it.
  for (const url of app.hasRoute({ method: 'GET', url: '/' }) ? ['/v1'] : ['/', '/v1'])
    app.get(url, { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  await app.register(async (docs) => {
    docs.addHook('onSend', async (_request, reply, payload) => {
      void reply.header('content-security-policy', policy);
      return payload;
    });
    await docs.register(scalar, {
      routePrefix: '/docs',
      logLevel: 'silent',
      configuration: {
        url: '/openapi.json',
        telemetry: false,
        withDefaultFonts: false,
        hideClientButton: true,
        // Each of these would send the reader, or the document, to another company's service.
        showDeveloperTools: 'never',
        agent: { disabled: true },
        pageTitle: 'Vendor Portals API',
      },
    });
  });
}
