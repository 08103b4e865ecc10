import type { Actor, ActorKind } from '../../domain/account.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { Paper, PickOrder, Printable, PrintJobStatus } from '../../domain/paper/paper.ts';
import type { PrintFailure } from '../../domain/paper/print-job.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** Documents of several orders as one PDF. Times are ISO; `cause`: why the whole job failed. */
export type PrintJob = {
  id: string;
  status: PrintJobStatus;
  orderIds: string[];
  documents: Printable[];
  paper: Paper;
  sort: PickOrder;
  pages: number | null;
  documentId: string | null;
  failures: PrintFailure[];
  cause: ErrorCode | null;
  actor: Actor;
  createdAt: string;
  finishedAt: string | null;
};

type Row = {
  id: string;
  status: PrintJobStatus;
  order_ids: string[];
  documents: Printable[];
  paper: Paper;
  sort: PickOrder;
  pages: number | null;
  document_id: string | null;
  failures: PrintFailure[];
  cause: ErrorCode | null;
  actor_kind: ActorKind;
  actor_id: string;
  created_at: Date;
  finished_at: Date | null;
};
const columns = [
  'id',
  'status',
  'order_ids',
  'documents',
  'paper',
  'sort',
  'pages',
  'document_id',
  'failures',
  'cause',
  'actor_kind',
  'actor_id',
  'created_at',
  'finished_at',
] as const;

const toPrintJob = (row: Row): PrintJob => ({
  id: row.id,
  status: row.status,
  orderIds: row.order_ids,
  documents: row.documents,
  paper: row.paper,
  sort: row.sort,
  pages: row.pages,
  documentId: row.document_id,
  failures: row.failures,
  cause: row.cause,
  actor: { kind: row.actor_kind, id: row.actor_id },
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
});

export async function insertPrintJob(
  db: AccountDb,
  job: Pick<PrintJob, 'orderIds' | 'documents' | 'paper' | 'sort' | 'actor'>,
): Promise<PrintJob> {
  const [row] = await db('print_jobs')
    .insert({
      account_id: db.accountId,
      id: newId('printJob'),
      status: 'running',
      order_ids: job.orderIds,
      documents: job.documents,
      paper: job.paper,
      sort: job.sort,
      actor_kind: job.actor.kind,
      actor_id: job.actor.id,
    })
    .returning<Row[]>([...columns]);
  return toPrintJob(row!);
}

/** @throws DomainError `print_job_not_found` */
export async function requirePrintJob(db: AccountDb, id: string): Promise<PrintJob> {
  const row = await db('print_jobs')
    .where({ id })
    .first<Row | undefined>(...columns);
  if (!row) throw new DomainError('print_job_not_found', 'There is no such print job, or its time is over.');
  return toPrintJob(row);
}

/** The newest first. @throws DomainError `invalid_cursor` */
export const listPrintJobs = (db: AccountDb, page: PageRequest): Promise<Page<PrintJob>> =>
  readPage<Row, PrintJob>(
    db('print_jobs').select(...columns),
    { ...page, column: 'created_at', idColumn: 'id' },
    toPrintJob,
  );

/** Notes that the workflow has started: the sweep need not look at it again. */
export async function notePrintJobStarted(db: AccountDb, id: string): Promise<void> {
  await db('print_jobs').where({ id }).whereNull('started_at').update({ started_at: db.fn.now() });
}

/** @returns whether the job was running until now */
export async function finishPrintJob(
  db: AccountDb,
  id: string,
  outcome: Pick<PrintJob, 'pages' | 'documentId' | 'failures'>,
): Promise<boolean> {
  const ended = await db('print_jobs')
    .where({ id, status: 'running' })
    .update({
      status: 'done',
      pages: outcome.pages,
      document_id: outcome.documentId,
      failures: JSON.stringify(outcome.failures),
      started_at: db.raw('coalesce(started_at, now())'),
      finished_at: db.fn.now(),
    });
  return ended > 0;
}

/** A job that has ended stays as it is. */
export async function failPrintJob(
  db: AccountDb,
  id: string,
  { cause, failures = [] }: { cause: ErrorCode; failures?: readonly PrintFailure[] },
): Promise<void> {
  await db('print_jobs')
    .where({ id, status: 'running' })
    .update({
      status: 'failed',
      cause,
      failures: JSON.stringify(failures),
      started_at: db.raw('coalesce(started_at, now())'),
      finished_at: db.fn.now(),
    });
}

/** Print jobs whose workflow a crash left unstarted: stored `seconds` ago. */
export async function listUnstartedPrintJobs(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<{ accountId: string; printJobId: string }[]> {
  const rows = await db('print_jobs')
    .whereNull('started_at')
    .whereRaw('created_at < now() - make_interval(secs => ?)', [filter.seconds])
    .orderBy('created_at')
    .limit(filter.limit)
    .select<{ account_id: string; id: string }[]>('account_id', 'id');
  return rows.map((row) => ({ accountId: row.account_id, printJobId: row.id }));
}

export async function accountOfPrintJob(db: SystemDb, id: string): Promise<string | undefined> {
  const row = await db('print_jobs').where({ id }).first<{ account_id: string } | undefined>('account_id');
  return row?.account_id;
}
