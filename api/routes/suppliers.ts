import { recordAudit } from '../../db/accounts/audit-events.ts';
import { changeSupplier, listSuppliers, requireSupplier, type SupplierRecord } from '../../db/accounts/suppliers.ts';
import { differenceOf } from '../../domain/audit.ts';
import type { App } from '../deps.ts';
import { assertScope, authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { changeOf, supplier, supplierChange, toSupplier } from '../schemas/suppliers.ts';

const tags = ['suppliers'];
const reads = { access: forAccount('read') };
const changes = { access: forAccount('write') };
const response = answers({ 200: supplier }, 'The supplier as it is now.');

export function supplierRoutes(app: App): void {
  app.get(
    '/suppliers',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listSuppliers',
        summary: 'Lists your suppliers',
        querystring: pageQuery,
        response: answers({ 200: pageOf(supplier) }, 'A page of suppliers.'),
      },
    },
    async (request) => {
      const { data, nextCursor } = await readOne(request, (db) => listSuppliers(db, request.query));
      return { data: data.map(toSupplier), nextCursor };
    },
  );
  app.get(
    '/suppliers/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getSupplier',
        summary: 'Reads a supplier',
        params: idParams,
        response,
        errors: ['supplier_not_found'],
      },
    },
    async (request) => toSupplier(await readOne(request, (db) => requireSupplier(db, request.params.id))),
  );
  changingRoute(app);
}

function changingRoute(app: App): void {
  app.patch(
    '/suppliers/:id',
    {
      config: changes,
      schema: {
        tags,
        operationId: 'updateSupplier',
        summary: 'Changes the shared fields, the shipping methods and who pays the labels of a supplier',
        description: 'Who pays the labels is changed by admins only: a lent label account spends your money.',
        params: idParams,
        body: supplierChange,
        response,
        errors: ['supplier_not_found', 'label_account_not_found'],
      },
    },
    (request) => {
      const change = changeOf(request.body);
      if (change.labels) assertScope(request.actor, 'admin');
      return command(request, { status: 200 }, async (db) => {
        const { id } = request.params;
        const before = await requireSupplier(db, id);
        const changed = await changeSupplier(db, id, change);
        await recordAudit(db, authorOf(request), {
          action: 'supplier.changed',
          subjectId: id,
          details: { fields: Object.keys(request.body) },
          ...differenceOf(auditedOf(before), auditedOf(changed)),
        });
        return toSupplier(changed);
      });
    },
  );
}

/** Shipping methods are texts that people typed: the row names them among the fields. */
const auditedOf = ({ sharedFields, labels }: SupplierRecord) => ({ sharedFields, ...labels });
