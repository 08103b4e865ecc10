import { recordAudit } from '../../db/accounts/audit-events.ts';
import { relinkByHand } from '../../db/catalogue/listing-links.ts';
import { listListings, requireListing, resumeListing } from '../../db/catalogue/listings.ts';
import { triggerWriteBack } from '../commands/trigger-write-back.ts';
import { differenceOf } from '../../domain/audit.ts';
import type { PageRequest } from '../../db/engine/paging.ts';
import type { App } from '../deps.ts';
import { sendList } from '../files/csv-lists.ts';
import { listings } from '../files/lists.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, listAnswers } from '../schemas/common.ts';
import { listing, listingChange, listingQuery } from '../schemas/listings.ts';

const tags = ['listings'];
const config = { access: forAccount('write') };
const response = answers({ 200: listing }, 'The listing as it is now.');

export function listingRoutes(app: App): void {
  readingRoutes(app);
  changingRoutes(app);
}

function readingRoutes(app: App): void {
  app.get(
    '/listings',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listListings',
        summary: 'Lists your products on your channels',
        description:
          'The newest first; with `needsSync`, `suspended` or `skuChanged`, by channel and id. Delisted products are left out.',
        querystring: listingQuery,
        response: listAnswers(listing, 'A page of listings.', `Its columns: \`${listings.columns.join()}\`.`),
      },
    },
    (request, reply) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      const pageAt = (page: PageRequest) => readOne(request, (db) => listListings(db, filter, page));
      return sendList(request, reply, { ...listings, pageAt, toJson: (one) => one });
    },
  );
  app.get(
    '/listings/:id',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'getListing',
        summary: 'Shows a listing',
        description: 'Also one that its channel does not list any more.',
        params: idParams,
        response,
        errors: ['listing_not_found'],
      },
    },
    (request) => readOne(request, (db) => requireListing(db, request.params.id)),
  );
}

function changingRoutes(app: App): void {
  app.patch(
    '/listings/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'updateListing',
        summary: 'Links a listing to another product',
        params: idParams,
        body: listingChange,
        response,
        errors: ['listing_not_found', 'product_not_found'],
      },
    },
    async (request) => {
      const relinked = await command(request, { status: 200 }, async (db) => {
        const { id } = request.params;
        const { productId } = request.body;
        const before = await requireListing(db, id);
        await relinkByHand(db, before, productId);
        const difference = differenceOf({ productId: before.productId }, { productId });
        await recordAudit(db, authorOf(request), { action: 'listing.relinked', subjectId: id, ...difference });
        return requireListing(db, id);
      });
      triggerWriteBack(request);
      return relinked;
    },
  );
  resumingRoute(app);
}

function resumingRoute(app: App): void {
  app.post(
    '/listings/:id/resume',
    {
      config,
      schema: {
        tags,
        operationId: 'resumeListing',
        summary: 'Tries a suspended listing again',
        params: idParams,
        response,
        errors: ['listing_not_found'],
      },
    },
    (request) =>
      command(request, { status: 200 }, async (db) => {
        const { id } = request.params;
        await requireListing(db, id);
        const wasSuspended = await resumeListing(db, id);
        if (wasSuspended) await recordAudit(db, authorOf(request), { action: 'listing.resumed', subjectId: id });
        return requireListing(db, id);
      }),
  );
}
