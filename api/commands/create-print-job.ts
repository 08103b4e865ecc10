import type { FastifyRequest } from 'fastify';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { listOrderIds } from '../../db/orders/list.ts';
import { insertPrintJob, notePrintJobStarted, type PrintJob } from '../../db/paper/print-jobs.ts';
import { printedAtOnce } from '../../domain/paper/paper.ts';
import { ordersToPrint } from '../../domain/paper/print-job.ts';
import { authorOf } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import type { NewPrintJob } from '../schemas/print-jobs.ts';

/**
 * Stores a print job, then starts its workflow (law 1). A start that fails is left to the sweep.
 * @throws DomainError `nothing_to_print`, `print_job_too_large`
 */
export async function createPrintJob(request: FastifyRequest, body: NewPrintJob): Promise<PrintJob> {
  const { actor } = authorOf(request);
  const job = await command(request, { status: 202 }, async (db) =>
    insertPrintJob(db, {
      orderIds: ordersToPrint(await ordersMeant(db, body)),
      documents: [...new Set(body.documents)],
      paper: body.paper,
      sort: body.sort,
      actor,
    }),
  );
  await start(request, job.id);
  return job;
}

/** One more than a job may have, so that a filter of too many is refused. */
const ordersMeant = async (db: AccountDb, { orderIds, filter }: NewPrintJob): Promise<readonly string[]> =>
  orderIds ?? listOrderIds(db, { ...filter, leaves: true }, printedAtOnce + 1);

async function start(request: FastifyRequest, printJobId: string): Promise<void> {
  const { pool, workflows } = request.server.deps;
  if (!(await workflows.startPrintJob(printJobId))) return;
  try {
    await withAccount(pool, request.actor.accountId, (db) => notePrintJobStarted(db, printJobId));
  } catch (error) {
    request.log.warn({ cause: (error as Error).name }, 'start left to the sweep');
  }
}
