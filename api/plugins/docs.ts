import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { App } from '../deps.ts';

/** Before the routes: the document collects them as they are added. */
export async function setUpOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vendor Portals',
        version: '1',
        description: 'Connects merchants and their dropship suppliers: orders cross once, trackings come back at once.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: '`vp_…`, or the operator key' } },
      },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

/** The document itself; the page that renders it is api/docs-page.ts. */
export function openApiRoute(app: App): void {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type('application/json').serializer(JSON.stringify);
    return app.swagger();
  });
}

/** Answers are data: no browser is to run, frame or sniff them. */
export async function setUpSecurityHeaders(app: App): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
