import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { writeProductBatch } from '../../db/catalogue/product-batch.ts';
import {
  changeProduct,
  insertProduct,
  listProducts,
  requireProduct,
  type ProductContent,
  type ProductRecord,
} from '../../db/catalogue/products.ts';
import { knownSuppliers } from '../../db/accounts/suppliers.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { differenceOf } from '../../domain/audit.ts';
import type { DomainError } from '../../domain/errors.ts';
import { assertSuppliersKnown, changedShippingData, noShippingData, suppliersOf } from '../../domain/product.ts';
import { eachAcceptable, listOnly, readItems } from '../request/batch-items.ts';
import { resultsOf } from '../request/batch-results.ts';
import type { PageRequest } from '../../db/engine/paging.ts';
import { assertVisible } from '../../domain/nearest-sku.ts';
import type { App } from '../deps.ts';
import { sendList } from '../files/csv-lists.ts';
import { products } from '../files/lists.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers, batchResults, idParams, listAnswers } from '../schemas/common.ts';
import {
  batchItem,
  newProduct,
  product,
  productBatch,
  productChange,
  productOut,
  productQuery,
  shippingIn,
  suppliersIn,
  type BatchItem,
} from '../schemas/products.ts';

const tags = ['products'];
const reads = { access: forAccount('read') };
const writes = { access: forAccount('write') };
const response = answers({ 200: product }, 'The product as it is now.');

export function productRoutes(app: App): void {
  readingRoutes(app);
  writingRoutes(app);
}

function readingRoutes(app: App): void {
  app.get(
    '/products',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listProducts',
        summary: 'Lists the products',
        querystring: productQuery,
        response: listAnswers(product, 'A page of products.', `Its columns: \`${products.columns.join()}\`.`),
      },
    },
    (request, reply) => {
      const pageAt = (page: PageRequest) => readOne(request, (db) => listProducts(db, page, request.query));
      return sendList(request, reply, { ...products, pageAt, toJson: productOut });
    },
  );
  app.get(
    '/products/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getProduct',
        summary: 'Reads a product',
        params: idParams,
        response,
        errors: ['product_not_found'],
      },
    },
    async (request) => productOut(await readOne(request, (db) => requireProduct(db, request.params.id))),
  );
}

function writingRoutes(app: App): void {
  app.post(
    '/products',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'createProduct',
        summary: 'Adds a product',
        body: newProduct,
        response: answers({ 201: product }, 'The new product.'),
        errors: ['sku_taken', 'unknown_supplier', 'two_default_suppliers', 'default_supplier_missing'],
      },
    },
    (request) =>
      command(request, { status: 201 }, async (db) => {
        const { shipping, ...body } = shippingIn(request.body);
        assertVisible(body.sku);
        const content = {
          ...body,
          suppliers: suppliersIn(body.suppliers),
          shipping: changedShippingData(noShippingData, shipping),
        };
        return productOut(await insertProduct(db, await withSuppliers(db, content)));
      }),
  );
  changingRoutes(app);
}

function changingRoutes(app: App): void {
  app.patch(
    '/products/:id',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'updateProduct',
        summary: 'Changes a product',
        params: idParams,
        body: productChange,
        response,
        errors: [
          'product_not_found',
          'sku_taken',
          'unknown_supplier',
          'two_default_suppliers',
          'default_supplier_missing',
        ],
      },
    },
    (request) => command(request, { status: 200 }, (db) => change(db, request, request.body)),
  );
  batchRoute(app);
}

function batchRoute(app: App): void {
  app.post(
    '/products/batch',
    {
      config: { ...writes, largeBody: true },
      validatorCompiler: listOnly,
      schema: {
        tags,
        operationId: 'upsertProducts',
        summary: 'Adds or changes up to 1,000 products by SKU',
        description: 'A refused item fails alone; all others are written at once.',
        body: productBatch,
        response: answers({ 200: batchResults }, 'The outcome of each product, in the order of the request.'),
      },
    },
    (request) =>
      command(request, { status: 200 }, async (db) =>
        writeBatch(db, request, await readItems(batchItem, request.body.items)),
      ),
  );
}

/** The content with known suppliers and one default supplier. */
async function withSuppliers<T extends Omit<ProductContent, 'sku'>>(db: AccountDb, content: T): Promise<T> {
  const ids = content.suppliers.map(({ supplierId }) => supplierId);
  assertSuppliersKnown(content.suppliers, await knownSuppliers(db, ids));
  return { ...content, suppliers: suppliersOf(content.fulfillmentType, content.suppliers) };
}

async function change(db: AccountDb, request: FastifyRequest, body: z.output<typeof productChange>) {
  const { id } = request.params as { id: string };
  const before = await requireProduct(db, id);
  const { shipping } = shippingIn(body);
  assertVisible(body.sku ?? before.sku, before.sku);
  const content = await withSuppliers(db, {
    sku: body.sku,
    name: body.name ?? before.name,
    fulfillmentType: body.fulfillmentType ?? before.fulfillmentType,
    suppliers: body.suppliers ? suppliersIn(body.suppliers) : before.suppliers,
    shipping: changedShippingData(before.shipping, shipping),
  });
  const after = await changeProduct(db, id, content);
  await auditRoute(db, request, { before, after });
  return productOut(after);
}

/** Who ships a product is a setting, and audited; its texts and figures are not. */
async function auditRoute(
  db: AccountDb,
  request: FastifyRequest,
  { before, after }: { before: ProductRecord; after: ProductRecord },
): Promise<void> {
  const routeOf = ({ fulfillmentType, suppliers }: ProductRecord) => ({ fulfillmentType, suppliers });
  const difference = differenceOf(routeOf(before), routeOf(after));
  if (Object.keys(difference.after).length === 0) return;
  await recordAudit(db, authorOf(request), { action: 'product.rerouted', subjectId: after.id, ...difference });
}

async function writeBatch(db: AccountDb, request: FastifyRequest, items: readonly (BatchItem | DomainError)[]) {
  const outcomes = await eachAcceptable(items, (acceptable) =>
    writeProductBatch(
      db,
      acceptable
        .map(shippingIn)
        .map(({ suppliers, ...item }) => ({ ...item, suppliers: suppliers && suppliersIn(suppliers) })),
    ),
  );
  const details = { items: items.length, failed: outcomes.filter((outcome) => 'refusal' in outcome).length };
  await recordAudit(db, authorOf(request), {
    action: 'product.batch_written',
    subjectId: request.actor.accountId,
    details,
  });
  return resultsOf(outcomes, request);
}
