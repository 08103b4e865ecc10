import type { PaperJob, PaperResult, Sheet } from '../../../activities/paper/job.ts';

export type FakeRenderer = {
  render: (job: PaperJob) => Promise<PaperResult>;
  /** All jobs that it was given. Only grows. */
  jobs: PaperJob[];
};

const placeOf = (sheet: Sheet): { orderId: string | null; labelId: string | null } =>
  sheet.kind === 'label'
    ? { orderId: sheet.orderId, labelId: sheet.labelId }
    : { orderId: sheet.kind === 'packing_slip' ? sheet.slip.orderId : null, labelId: null };

/** Prints a page for each sheet: its kind and its order. @param isBad the sheets that cannot be printed */
export function aRenderer(isBad: (sheet: Sheet) => boolean = () => false): FakeRenderer {
  const jobs: PaperJob[] = [];
  return {
    jobs,
    render: async (job) => {
      jobs.push(job);
      const good = job.sheets.filter((sheet) => !isBad(sheet));
      const text = good.map((sheet) => `${sheet.kind} ${placeOf(sheet).orderId}`).join('\n');
      return {
        pdf: Buffer.from(good.length === 0 ? '' : `%PDF ${job.paper} ${job.today}\n${text}`),
        pages: good.length,
        failures: job.sheets
          .filter(isBad)
          .map((sheet) => ({ ...placeOf(sheet), kind: sheet.kind, cause: 'not_readable' as const, detail: 'a test' })),
      };
    },
  };
}
