import { recordAudit } from '../../db/accounts/audit-events.ts';
import { changeWarehouse, insertWarehouse, listWarehouses } from '../../db/stock/warehouses.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { newWarehouse, warehouse, warehouseChange } from '../schemas/warehouses.ts';

const tags = ['warehouses'];

export function warehouseRoutes(app: App): void {
  app.get(
    '/warehouses',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listWarehouses',
        summary: 'Lists the warehouses',
        querystring: pageQuery,
        response: answers({ 200: pageOf(warehouse) }, 'A page of warehouses.'),
      },
    },
    (request) => readOne(request, (db) => listWarehouses(db, request.query)),
  );
  app.post(
    '/warehouses',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'createWarehouse',
        summary: 'Adds a warehouse',
        body: newWarehouse,
        response: answers({ 201: warehouse }, 'The new warehouse.'),
        errors: ['warehouse_name_taken'],
      },
    },
    (request) =>
      command(request, { status: 201 }, async (db) => {
        const created = await insertWarehouse(db, request.body);
        await recordAudit(db, authorOf(request), { action: 'warehouse.created', subjectId: created.id });
        return created;
      }),
  );
  changingRoute(app);
}

function changingRoute(app: App): void {
  app.patch(
    '/warehouses/:id',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'updateWarehouse',
        summary: 'Changes the name or the address of a warehouse of your own',
        params: idParams,
        body: warehouseChange,
        response: answers({ 200: warehouse }, 'The warehouse as it is now.'),
        errors: ['warehouse_not_found', 'warehouse_name_taken', 'stock_of_supplier'],
      },
    },
    (request) =>
      command(request, { status: 200 }, async (db) => {
        const { id } = request.params;
        const changed = await changeWarehouse(db, id, request.body);
        const details = { fields: Object.keys(request.body) };
        await recordAudit(db, authorOf(request), { action: 'warehouse.changed', subjectId: id, details });
        return changed;
      }),
  );
}
