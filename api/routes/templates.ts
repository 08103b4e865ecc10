import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { App } from '../deps.ts';
import type { ColumnSet } from '../files/columns.ts';
import { shipmentColumns } from '../files/shipment-file.ts';
import { adjustmentFile, levelFile } from '../files/stock-file.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers } from '../schemas/common.ts';

const templates = {
  'shipments.csv': shipmentColumns,
  'stock.csv': levelFile.columns,
  'stock-adjustments.csv': adjustmentFile.columns,
} satisfies Record<string, ColumnSet>;
const names = Object.keys(templates) as (keyof typeof templates)[];

export function templateRoutes(app: App): void {
  app.get(
    '/templates/:name',
    {
      config: { access: forAccount('read') },
      schema: {
        tags: ['files'],
        operationId: 'getTemplate',
        summary: 'Reads an empty file with the columns of an upload',
        params: z.strictObject({ name: z.enum(names).describe('The kind of file.') }),
        response: {
          ...answers({}, {}),
          200: {
            description: 'A row with the names of the columns. The needed ones come first.',
            content: { 'text/csv': { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { needed, optional }: ColumnSet = templates[name];
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(`\ufeff${stringify([[...needed, ...optional]])}` as never);
    },
  );
}
