import type { Logo, SlipContent } from '../../domain/paper/slip.ts';
import type { PaperJob, PaperResult, Sheet } from './job.ts';

/** `renderPages` of render.ts; tests give another. */
export type Render = (job: PaperJob) => Promise<PaperResult>;

/**
 * Renders a job. A logo was checked by its header alone, so it may still be broken: slips are printed without such a logo. Each
 * logo is tried on a page of its own first; otherwise each of 200 slips would be found bad one by one.
 */
export async function renderWithLogos(render: Render, job: PaperJob): Promise<PaperResult> {
  const logos = [...new Set(job.sheets.flatMap((sheet) => logoOf(sheet) ?? []))];
  if (logos.length === 0) return render(job);
  const tried = await render({ ...job, sheets: logos.map((logo, at) => trialOf(logo, String(at))) });
  const broken = new Set(tried.failures.map(({ orderId }) => logos[Number(orderId)]));
  const withoutBroken = (sheet: Sheet): Sheet =>
    sheet.kind === 'packing_slip' && broken.has(sheet.slip.logo ?? undefined)
      ? { ...sheet, slip: { ...sheet.slip, logo: null } }
      : sheet;
  return render({ ...job, sheets: job.sheets.map(withoutBroken) });
}

const logoOf = (sheet: Sheet): Logo | null => (sheet.kind === 'packing_slip' ? sheet.slip.logo : null);

/** A slip of nothing but this logo. */
function trialOf(logo: Logo, orderId: string): Sheet {
  const slip: SlipContent = {
    orderId,
    number: orderId,
    merchantNumber: orderId,
    placedAt: '2026-01-01T00:00:00.000Z',
    currency: 'USD',
    shipTo: { name: '', address1: '', city: '', postalCode: '', country: 'US' },
    shippingMethod: null,
    note: null,
    lines: [],
    hasPrices: false,
    supplierName: null,
    brand: { displayName: '', message: null, returnAddress: null, language: 'en' },
    logo,
  };
  return { kind: 'packing_slip', slip };
}
