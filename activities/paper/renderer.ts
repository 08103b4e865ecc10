import type { PaperJob, PaperResult, Sheet } from './job.ts';

/** `renderPages` of render.ts; tests give another. */
export type Renderer = (job: PaperJob) => Promise<PaperResult>;

/**
 * Renders a job. A logo is checked by its header alone, so it may still be broken: a slip that cannot be printed with its logo
 * is printed without.
 */
export async function renderWithLogos(render: Renderer, job: PaperJob): Promise<PaperResult> {
  const first = await render(job);
  const broken = new Set(
    first.failures
      .filter(({ kind, cause }) => kind === 'packing_slip' && cause === 'not_readable')
      .map(({ orderId }) => orderId),
  );
  const isBroken = (sheet: Sheet) =>
    sheet.kind === 'packing_slip' && sheet.slip.logo !== null && broken.has(sheet.slip.orderId);
  if (!job.sheets.some(isBroken)) return first;
  const sheets = job.sheets.map((sheet): Sheet =>
    sheet.kind === 'packing_slip' && isBroken(sheet) ? { ...sheet, slip: { ...sheet.slip, logo: null } } : sheet,
  );
  return render({ ...job, sheets });
}
