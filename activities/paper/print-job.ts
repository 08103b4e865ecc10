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
import type { PaperLanguage } from '../../domain/paper/language.ts';
import { pickListOf } from '../../domain/paper/pick-list.ts';
import type { PrintFailure } from '../../domain/paper/print-job.ts';
import { slipOf } from '../../domain/paper/slip.ts';
import type { Deps } from '../deps.ts';
import { ownerOfPrintJob } from '../owners.ts';
import { brandsOf, type Branded } from './branded.ts';
import type { LabelSheet, PaperFailure, PaperResult, Sheet } from './job.ts';
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
  const { deps, render, accountId, job } = making;
  const packings = found.map((order) => ({ order, ...packOrder(order, job.documents) }));
  const packed = inJobOrder(packings.flatMap((one) => one.packed ?? []), job.sort); // prettier-ignore
  const failures = [...unknownOf(job, found), ...packings.flatMap((one) => one.failures)];
  const branded = await brandsOf(deps, accountId, found);
  const read = await readParcels(making, packed, slipsOf(found, branded));
  failures.push(...read.failures);
  const printed = await renderParcels(render, { job, language: branded.own.language, orders: read.orders });
  failures.push(...printed.failures.map(({ orderId, kind, cause }) => ({ orderId, document: kind, code: cause })));
  deps.crashPoint('print-job.rendered');
  await end(making, { ...printed, failures });
}

/** A parcel with what is printed of it: its label, and its slip behind. */
type ReadyParcel = PackedParcel & { sheets: Sheet[] };
type ReadyOrder = Pick<PackedOrder, 'order'> & { parcels: ReadyParcel[] };
type Rendering = { job: PrintJob; language: PaperLanguage; orders: readonly ReadyOrder[] };

/**
 * A parcel whose first sheet cannot be printed is left out: a label with its slip. Then its units are not to be picked either,
 * so the others are printed again. @returns also the sheets that were tried last
 */
async function renderParcels(
  render: Render,
  rendering: Rendering,
): Promise<PaperResult & { sheets: readonly Sheet[] }> {
  const { job, orders } = rendering;
  const sheets = sheetsOf(rendering);
  const printed = await renderWithLogos(render, { paper: job.paper, sheets, today: job.createdAt });
  const failureOf = ({ sheets: [head] }: ReadyParcel) => printed.failures.find((failure) => isAbout(failure, head));
  const refused = orders.flatMap(({ parcels }) => parcels.flatMap((parcel) => failureOf(parcel) ?? []));
  const changesOthers = job.documents.includes('pick_list') || refused.some(({ kind }) => kind === 'label');
  if (refused.length === 0 || !changesOthers) return { ...printed, sheets };
  const others = withParcels(orders, (parcel) => failureOf(parcel) === undefined);
  const again = await renderParcels(render, { ...rendering, orders: others });
  return { ...again, failures: [...refused, ...again.failures] };
}

/** Of a parcel with a label, the slip alone may be missing: the box is packed all the same. */
const isAbout = (failure: PaperFailure, sheet: Sheet | undefined): boolean =>
  sheet?.kind === 'label'
    ? failure.labelId === sheet.labelId
    : sheet?.kind === 'packing_slip' && failure.kind === 'packing_slip' && failure.orderId === sheet.slip.orderId;

const withParcels = (orders: readonly ReadyOrder[], wanted: (parcel: ReadyParcel) => boolean): ReadyOrder[] =>
  orders.map((one) => ({ ...one, parcels: one.parcels.filter(wanted) })).filter(({ parcels }) => parcels.length > 0);

/** The pick list first; then each order's parcels. */
function sheetsOf({ job, language, orders }: Rendering): Sheet[] {
  const sheets = orders.flatMap(({ parcels }) => parcels.flatMap((parcel) => parcel.sheets));
  if (!job.documents.includes('pick_list') || orders.length === 0) return sheets;
  return [{ kind: 'pick_list', list: pickListOf(orders.map(asPicked), language) }, ...sheets];
}

const unknownOf = (job: PrintJob, found: readonly OrderToPrint[]): PrintFailure[] => {
  const known = new Set(found.map(({ order }) => order.id));
  const unknown = job.orderIds.filter((id) => !known.has(id));
  return unknown.map((orderId) => ({ orderId, document: null, code: 'order_not_found' }));
};

type SlipOf = (orderId: string, parcel: PackedParcel) => Sheet;

function slipsOf(found: readonly OrderToPrint[], branded: Branded): SlipOf {
  const orders = new Map(found.map((one) => [one.order.id, one]));
  return (orderId, { units }) => {
    const one = orders.get(orderId)!;
    const slip = slipOf(one.order, { ...branded.frameOf(one), ...(units && { parcel: units }) });
    return { kind: 'packing_slip', slip };
  };
}

type Read = { orders: ReadyOrder[]; failures: PrintFailure[] };

async function readParcels(making: Making, packed: readonly PackedOrder[], slip: SlipOf): Promise<Read> {
  const { documents } = making.job;
  const read: Read = { orders: [], failures: [] };
  let labelBytes = 0;
  for (const { order, parcels } of packed) {
    const ready: ReadyParcel[] = [];
    for (const parcel of parcels) {
      const label = documents.includes('label') ? await readLabel(making, order.id, parcel) : null;
      if (label !== null && 'code' in label) {
        read.failures.push(label);
        continue;
      }
      labelBytes += label?.image.length ?? 0;
      if (labelBytes > maximumBytes.print_job)
        throw new DomainError('print_job_too_large', 'The labels of this job are too many for one PDF.');
      const slips = documents.includes('packing_slip') ? [slip(order.id, parcel)] : [];
      ready.push({ ...parcel, sheets: label === null ? slips : [label, ...slips] });
    }
    if (ready.length > 0) read.orders.push({ order, parcels: ready });
  }
  return read;
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
