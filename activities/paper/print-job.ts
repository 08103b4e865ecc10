import { insertOrderEvents, type NewEvent } from '../../db/orders/events.ts';
import { notePrinted } from '../../db/orders/orders.ts';
import { storeBytes, storeDocument } from '../../db/documents/documents.ts';
import { readDocument } from '../../db/documents/reading.ts';
import { derivedId } from '../../db/engine/ids.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { listOrdersToPrint, type OrderToPrint } from '../../db/paper/orders-to-print.ts';
import { failPrintJob, finishPrintJob, requirePrintJob, type PrintJob } from '../../db/paper/print-jobs.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { asPicked, inJobOrder, packOrder, type PackedOrder, type PackedParcel } from '../../domain/paper/packing.ts';
import { maximumBytes } from '../../domain/paper/paper.ts';
import { pickListOf } from '../../domain/paper/pick-list.ts';
import type { PrintFailure } from '../../domain/paper/print-job.ts';
import { slipOf } from '../../domain/paper/slip.ts';
import type { Deps } from '../deps.ts';
import { ownerOfPrintJob } from '../owners.ts';
import { brandsOf, type Branded } from './branded.ts';
import type { LabelSheet, PaperJob, PaperResult, Sheet } from './job.ts';
import { renderWithLogos, type Render } from './with-logos.ts';

export function createPrintJobActivities(deps: Deps, render: Render) {
  const { pool } = deps;

  return {
    /** Makes and stores the PDF of a job. Idempotent: a job that has ended stays as it is. */
    async makePrintJob({ printJobId }: { printJobId: string }): Promise<void> {
      const accountId = await ownerOfPrintJob(pool, printJobId);
      const { job, found } = await readInAccount(pool, accountId, async (db) => {
        const read = await requirePrintJob(db, printJobId);
        return { job: read, found: await listOrdersToPrint(db, read.orderIds) };
      });
      if (job.status === 'running') await make({ deps, render, accountId, job }, found);
    },

    /** Notes why a job failed. Idempotent. */
    async failPrintJob({ printJobId, cause }: { printJobId: string; cause: ErrorCode }): Promise<void> {
      const accountId = await ownerOfPrintJob(pool, printJobId);
      await withAccount(pool, accountId, (db) => failPrintJob(db, printJobId, { cause }));
    },
  };
}

type Making = { deps: Deps; render: Render; accountId: string; job: PrintJob };

async function make(making: Making, found: readonly OrderToPrint[]): Promise<void> {
  const { deps, render, job } = making;
  const packings = found.map((order) => ({ order, ...packOrder(order, job.documents) }));
  const packed = inJobOrder(packings.flatMap((one) => one.packed ?? []), job.sort); // prettier-ignore
  const failures = [...unknownOf(job, found), ...packings.flatMap((one) => one.failures)];
  const sheets = await sheetsOf(making, packed, found);
  failures.push(...sheets.failures);
  const printed = await renderParcels(render, { paper: job.paper, sheets: sheets.sheets, today: job.createdAt });
  failures.push(...printed.failures.map(({ orderId, kind, cause }) => ({ orderId, document: kind, code: cause })));
  deps.crashPoint('print-job.rendered');
  await end(making, { ...printed, failures });
}

/** A label that cannot be printed is left out with its slip. @returns also the sheets that were tried last */
async function renderParcels(render: Render, job: PaperJob): Promise<PaperResult & { sheets: readonly Sheet[] }> {
  const { sheets } = job;
  const printed = await renderWithLogos(render, job);
  const refused = printed.failures.filter(({ kind }) => kind === 'label');
  if (refused.length === 0) return { ...printed, sheets };
  const isRefused = (sheet: Sheet | undefined) =>
    sheet?.kind === 'label' && refused.some(({ labelId }) => labelId === sheet.labelId);
  const others = sheets.filter(
    (sheet, at) => !isRefused(sheet) && !(sheet.kind === 'packing_slip' && isRefused(sheets[at - 1])),
  );
  const again = await renderParcels(render, { ...job, sheets: others });
  return { ...again, failures: [...refused, ...again.failures] };
}

const unknownOf = (job: PrintJob, found: readonly OrderToPrint[]): PrintFailure[] => {
  const known = new Set(found.map(({ order }) => order.id));
  const unknown = job.orderIds.filter((id) => !known.has(id));
  return unknown.map((orderId) => ({ orderId, document: null, code: 'order_not_found' }));
};

type Sheets = { sheets: Sheet[]; failures: PrintFailure[] };

/** The pick list first; then each order's parcels, the slip behind its label. */
async function sheetsOf(
  making: Making,
  packed: readonly PackedOrder[],
  found: readonly OrderToPrint[],
): Promise<Sheets> {
  const { deps, accountId, job } = making;
  const orders = new Map(found.map((one) => [one.order.id, one]));
  const branded = await brandsOf(deps, accountId, found);
  const all: Sheets = { sheets: [], failures: [] };
  if (job.documents.includes('pick_list') && packed.length > 0)
    all.sheets.push({ kind: 'pick_list', list: pickListOf(packed.map(asPicked), branded.own.language) });
  let labelBytes = 0;
  for (const { order, parcels } of packed) {
    for (const parcel of parcels) {
      const label = job.documents.includes('label') ? await readLabel(making, order.id, parcel) : null;
      if (label !== null && 'code' in label) {
        all.failures.push(label);
        continue;
      }
      if (label !== null) all.sheets.push(label);
      labelBytes += label?.image.length ?? 0;
      if (labelBytes > maximumBytes.print_job)
        throw new DomainError('print_job_too_large', 'The labels of this job are too many for one PDF.');
      if (job.documents.includes('packing_slip')) all.sheets.push(slipSheet(branded, orders.get(order.id)!, parcel));
    }
  }
  return all;
}

function slipSheet(branded: Branded, found: OrderToPrint, { units }: PackedParcel): Sheet {
  const slip = slipOf(found.order, { ...branded.frameOf(found), ...(units && { parcel: units }) });
  return { kind: 'packing_slip', slip };
}

/** A label whose time is over since the orders were read is left out, with its slip. */
async function readLabel(
  { deps, accountId }: Making,
  orderId: string,
  { label }: PackedParcel,
): Promise<(LabelSheet & StoredLabel) | PrintFailure | null> {
  if (label === null) return null;
  const { pool, documents: store } = deps;
  try {
    const { bytes, mediaType, isVoid } = await readDocument({ pool, store, accountId }, label.documentId);
    if (mediaType === 'image/jpeg') return { orderId, document: 'label', code: 'not_readable' };
    return { kind: 'label', ...label, orderId, image: bytes, mediaType, isVoid };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'document_not_found') throw error;
    return { orderId, document: 'label', code: 'document_not_found' };
  }
}

type Outcome = { pdf: Uint8Array; pages: number; failures: PrintFailure[]; sheets: readonly Sheet[] };

/** The bytes first, then one transaction: the document, the job, and what orders show of it. */
async function end({ deps, accountId, job }: Making, outcome: Outcome): Promise<void> {
  const { pool, documents: store, crashPoint } = deps;
  const { pdf, pages, failures, sheets } = outcome;
  if (pages === 0)
    return withAccount(pool, accountId, (db) => failPrintJob(db, job.id, { cause: 'nothing_to_print', failures }));
  const bytes = await storeBytes(store, accountId, { kind: 'print_job', bytes: pdf });
  crashPoint('print-job.bytes-stored');
  const shown = shownOf(sheets, failures);
  await withAccount(pool, accountId, async (db) => {
    const id = derivedId('document', 'print_job', job.id);
    const documentId = await storeDocument(db, store, { id, bytes, mediaType: 'application/pdf' });
    if (!(await finishPrintJob(db, job.id, { pages, documentId, failures }))) return;
    if (shown.slips.length > 0) await notePrinted(db, shown.slips);
    await insertOrderEvents(db, shown.labels.map((label) => printedEvent(job, label))); // prettier-ignore
  });
  crashPoint('print-job.committed');
}

type StoredLabel = { labelId: string; documentId: string };
type PrintedLabel = StoredLabel & { orderId: string };

/**
 * The orders whose slips, and the labels, that are on the pages. Of the sheets that were tried last only slips may be left out;
 * a failure of a label is about another one, maybe of the same order.
 */
function shownOf(
  sheets: readonly Sheet[],
  failures: readonly PrintFailure[],
): { slips: string[]; labels: PrintedLabel[] } {
  const isLeftOut = (orderId: string) =>
    failures.some((failure) => failure.orderId === orderId && failure.document === 'packing_slip');
  const slips = new Set<string>();
  const labels: PrintedLabel[] = [];
  for (const sheet of sheets) {
    if (sheet.kind === 'packing_slip' && !isLeftOut(sheet.slip.orderId)) slips.add(sheet.slip.orderId);
    if (sheet.kind === 'label') labels.push(sheet as typeof sheet & PrintedLabel);
  }
  return { slips: [...slips], labels };
}

/** As db/documents/printed.ts notes it for one label. */
const printedEvent = (job: PrintJob, { orderId, labelId, documentId }: PrintedLabel): NewEvent => ({
  id: derivedId('event', 'label_printed', job.id, labelId),
  orderId,
  type: 'label_printed',
  actor: job.actor,
  data: { labelId, documentId, format: 'pdf', printJobId: job.id },
});
