import type { IncomingMessage, ServerResponse } from 'node:http';
import swagger, { type SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import helmet from 'helmet';
import type { App } from '../deps.ts';
import { tidied, type Document } from '../openapi/document.ts';
import { errorsOf } from '../openapi/errors-of.ts';
import type { Access } from './auth.ts';
import { fileTypes } from './uploads.ts';
import { noBody } from './route-guard.ts';

const description = `Connects merchants and their dropship suppliers: orders cross once, trackings come back at once.

Every POST takes an \`Idempotency-Key\`; every list takes \`limit\` and \`cursor\`; every error is a problem with a \`code\`.
Every answer to a key says in \`RateLimit\` how many requests are left.
Text in a request must not be blank, and must have no control characters. A field of a body that is null or empty counts as
absent. In a batch each item has its own outcome; only an unreadable body fails as a whole.`;

const tags = [
  { name: 'accounts', description: 'An account is a company that uses the service. All its rows are its own.' },
  { name: 'keys', description: 'A key opens the API for one account, with the scopes that it was given.' },
  { name: 'audit', description: 'An audit row says who changed what. The list and the chain are at /docs/audit.' },
  { name: 'people', description: 'A person signs in, and is a member of accounts. The rules are at /docs/people.' },
  {
    name: 'data-protection',
    description:
      'What is stored about a buyer is erased on request, and by age. The rules are at /docs/data-protection.',
  },
  {
    name: 'connections',
    description: 'A connection links a merchant and a supplier. One side proposes, the other accepts.',
  },
  { name: 'suppliers', description: 'A supplier is the merchant’s entry about a connected account that ships for it.' },
  { name: 'warehouses', description: 'A warehouse holds stock: your own, or that of a supplier.' },
  { name: 'channels', description: 'A channel is where orders come from: a shop, or the portal of a merchant.' },
  { name: 'products', description: 'A product has a SKU, and says which supplier ships it.' },
  {
    name: 'listings',
    description: 'A listing is a product on a channel. It needs sync while its number there is old.',
  },
  { name: 'stock', description: 'A level is how many units of a product a warehouse has.' },
  { name: 'labels', description: 'A label is a carrier’s paid paper for one parcel; a label account buys it.' },
  {
    name: 'orders',
    description: 'An order is dropshipped, split, cancelled, accepted or rejected as a whole or by units.',
  },
  {
    name: 'shipments',
    description:
      'A shipment has a carrier, a tracking number and units. Its id is the same in each account that it reaches.',
  },
  {
    name: 'paper',
    description: 'A brand says how your packing slips look. A print job is the paper of many orders as one PDF.',
  },
  { name: 'documents', description: 'A document is a label, a packing slip, a print job or a logo, as bytes.' },
  { name: 'schedules', description: 'A schedule says when a task runs on a channel. Sync runs it now.' },
  { name: 'tasks', description: 'A task is one run of an import, of Write Inventory Back or of Cancel Orders.' },
  {
    name: 'attentions',
    description: 'An attention is the record of a parked step: its cause, and the possible decisions.',
  },
  { name: 'support', description: 'For the operator: look-ups over all accounts.' },
  { name: 'files', description: 'A file is CSV, or a workbook. The rules are at /docs/files.' },
  { name: 'hooks', description: 'A hook takes the signed messages that a shop sends to its channel.' },
];

/** Call it before the routes: the document collects the routes as they are added. */
export async function setUpOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vendor Portals',
        version: '1',
        description,
        contact: { name: 'Vendor Portals' },
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'Where this document was read.' }],
      tags,
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: '`vp_…`, or the operator key' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-vp_session',
            description: 'A person who is signed in. The header `x-account-id` names the account.',
          },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    transform: withAccess,
    transformObject: (document) => tidied(jsonSchemaTransformObject(document) as Document) as object,
  });
}

/** Shows who may call a route and its errors. Leaves out the empty body that every command accepts. */
const withAccess: SwaggerTransform = (given) => {
  const { schema, url } = jsonSchemaTransform(given);
  if (!schema.hide) Object.assign(schema, { errors: undefined, 'x-errors': errorsOf(given.route) });
  if (given.schema?.body === noBody) delete schema.body;
  const { access, csv, bytes } = given.route.config ?? {};
  if (csv !== undefined) schema.body = withFile(schema.body, csv);
  if (bytes !== undefined) schema.body = asBytes(bytes);
  return access === undefined || schema.hide === true
    ? { schema, url }
    : { schema: { ...schema, ...shown(access, schema.description) }, url };
};

const asBytes = ({ types, description }: { types: readonly string[]; description: string }) => ({
  required: true,
  content: Object.fromEntries(
    types.map((type) => [type, { schema: { type: 'string', format: 'binary', description } }]),
  ),
});

const withFile = (json: unknown, description: string) => ({
  content: {
    'application/json': { schema: json },
    ...Object.fromEntries(
      fileTypes.map((type) => [type, { schema: fileSchemas[type] ?? { type: 'string', description } }]),
    ),
  },
});
const fileSchemas: Readonly<Record<string, object>> = {
  'multipart/form-data': {
    type: 'object',
    description: 'A form, as a browser sends it. Its first file is read.',
    properties: { file: { type: 'string', format: 'binary', description: 'A CSV file, or an XLSX workbook.' } },
    required: ['file'],
  },
};

function shown(access: Access, description: string | undefined): object {
  if (access === 'public') return { security: [], 'x-access': { audience: [], scope: null } };
  if (access === 'person') {
    const needs = 'Needs a session.';
    return {
      description: described(description, needs),
      security: [{ session: [] }],
      'x-access': { audience: ['person'], scope: null },
    };
  }
  const keys = access.audience.map((kind) =>
    kind === 'operator' ? `an operator key with \`${access.scope}\`` : `an account key with \`${access.scope}\``,
  );
  const needs = `Needs ${keys.join(' or ')}.`;
  return { description: described(description, needs), 'x-access': access };
}

const described = (description: string | undefined, needs: string): string =>
  description === undefined ? needs : `${description}\n\n${needs}`;

/** The document itself; api/openapi/docs-page.ts renders it. */
export function openApiRoute(app: App): void {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type('application/json').serializer(JSON.stringify);
    return app.swagger();
  });
}

/** Answers are data: a browser must not run, frame or sniff them. No header depends on the request, so they are made once. */
export function setUpSecurityHeaders(app: App): void {
  const headers = headersOf({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  });
  app.addHook('onRequest', (_request, reply, next) => {
    void reply.headers(headers);
    next();
  });
}

/** What helmet sets on an answer. */
function headersOf(options: Parameters<typeof helmet>[0]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const answer = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  };
  helmet(options)({} as IncomingMessage, answer as unknown as ServerResponse, (error?: unknown) => {
    if (error !== undefined) throw error as Error;
  });
  return headers;
}
