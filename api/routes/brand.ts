import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { storeBytes } from '../../db/documents/documents.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { readOwnBrand, setBrand, type BrandRecord } from '../../db/paper/brands.ts';
import { removeLogo, replaceLogo } from '../../db/paper/logos.ts';
import { differenceOf } from '../../domain/audit.ts';
import { readLogo } from '../../domain/paper/logo.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { readRawBodies } from '../plugins/body-parsers.ts';
import { command } from '../plugins/idempotency.ts';
import { read } from '../request/reading.ts';
import { brand, newBrand, toBrand } from '../schemas/brand.ts';
import { answers, nothing } from '../schemas/common.ts';

const tags = ['paper'];
const manages = { access: forAccount('admin') };
const response = answers({ 200: brand }, 'The brand as it is now. Your suppliers have it within seconds.');

export async function brandRoutes(app: App): Promise<void> {
  app.get(
    '/brand',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'getBrand',
        summary: 'Reads how your packing slips look',
        response: answers({ 200: brand }, 'The brand.'),
      },
    },
    (request) => read(request, async (db) => toAnswer(await readOwnBrand(db))),
  );
  app.put(
    '/brand',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'setBrand',
        summary: 'Sets how your packing slips look, all but the logo',
        body: newBrand,
        response,
      },
    },
    (request) => change(request, Object.keys(request.body), (db) => setBrand(db, toBrand(request.body))),
  );
  await logoRoute(app);
  noLogoRoute(app);
}

/** It has a plugin of its own: the body is the picture, whatever type the client names. */
async function logoRoute(app: App): Promise<void> {
  await app.register(async (pictures) => {
    readRawBodies(pictures);
    (pictures as unknown as App).put(
      '/brand/logo',
      {
        // More than a logo may have: a larger one is refused in words of its own.
        bodyLimit: 1024 * 1024,
        config: {
          ...manages,
          readsRawBody: true,
          bytes: {
            types: ['image/png', 'image/jpeg'],
            description: 'At most 512 KB, and 2,000 × 2,000 pixels. It is not decoded before a slip is printed.',
          },
        },
        schema: {
          tags,
          operationId: 'setLogo',
          summary: 'Sets the logo on your packing slips',
          response,
          errors: ['logo_refused', 'document_store_unavailable'],
        },
      },
      (request) => putLogo(request),
    );
  });
}

function noLogoRoute(app: App): void {
  app.delete(
    '/brand/logo',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'deleteLogo',
        summary: 'Takes the logo off your packing slips',
        response: answers({ 204: nothing }, 'There is no logo.'),
      },
    },
    async (request, reply) => {
      await change(request, ['logo'], removeLogo);
      void reply.code(204);
      return null;
    },
  );
}

async function putLogo(request: FastifyRequest): Promise<z.input<typeof brand>> {
  const { documents: store } = request.server.deps;
  const picture = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { mediaType } = readLogo(picture);
  const bytes = await storeBytes(store, request.actor.accountId, { kind: 'logo', bytes: picture });
  return change(request, ['logo'], (db) => replaceLogo(db, store, { bytes, mediaType }));
}

/** One transaction; then the workflow copies the brand to the suppliers. The sweep starts it after a crash in between (law 1). */
async function change(
  request: FastifyRequest,
  fields: string[],
  work: (db: AccountDb) => Promise<BrandRecord>,
): Promise<z.input<typeof brand>> {
  const { accountId } = request.actor;
  const changed = await command(request, { status: 200 }, async (db) => {
    const before = await readOwnBrand(db);
    const after = await work(db);
    const difference = differenceOf(auditedOf(before), auditedOf(after));
    const event = { action: 'brand.changed', subjectId: accountId, details: { fields }, ...difference } as const;
    await recordAudit(db, authorOf(request), event);
    return after;
  });
  await request.server.deps.workflows.copyBrand(accountId);
  return toAnswer(changed);
}

function toAnswer({ logoId, ...record }: BrandRecord): z.input<typeof brand> {
  const { merchantAccountId: _own, revision: _revision, ...shown } = record;
  return { ...shown, logo: logoId === null ? null : { documentId: logoId } };
}

const auditedOf = ({ showPrices, showSupplier, language, logoId }: BrandRecord) => ({
  showPrices,
  showSupplier,
  language,
  logoId,
});
