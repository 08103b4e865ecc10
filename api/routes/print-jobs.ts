import type { App } from '../deps.ts';
import { listPrintJobs, requirePrintJob } from '../../db/paper/print-jobs.ts';
import { createPrintJob } from '../commands/create-print-job.ts';
import { forAccount } from '../plugins/auth.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { newPrintJob, printJob } from '../schemas/print-jobs.ts';

const tags = ['paper'];
const reads = { access: forAccount('read') };

export function printJobRoutes(app: App): void {
  app.post(
    '/print-jobs',
    {
      config: { access: forAccount('ship') },
      schema: {
        tags,
        operationId: 'createPrintJob',
        summary: 'Prints labels, packing slips and a pick list of up to 200 orders as one PDF',
        description:
          'An order that cannot be printed is left out and named in `failures`. The orders whose packing slips are ' +
          'printed get the time as `printedAt`.',
        body: newPrintJob,
        response: answers({ 202: printJob }, 'The job. Read it until it is done.'),
        errors: ['nothing_to_print', 'print_job_too_large'],
      },
    },
    (request) => createPrintJob(request, request.body),
  );
  readingRoutes(app);
}

function readingRoutes(app: App): void {
  app.get(
    '/print-jobs',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listPrintJobs',
        summary: 'Lists the print jobs of the last days',
        querystring: pageQuery,
        response: answers({ 200: pageOf(printJob) }, 'A page of print jobs, the newest first.'),
      },
    },
    (request) => readOne(request, (db) => listPrintJobs(db, request.query)),
  );
  app.get(
    '/print-jobs/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getPrintJob',
        summary: 'Reads a print job',
        params: idParams,
        response: answers({ 200: printJob }, 'The print job as it is now.'),
        errors: ['print_job_not_found'],
      },
    },
    (request) => readOne(request, (db) => requirePrintJob(db, request.params.id)),
  );
}
