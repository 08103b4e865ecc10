import type { NewPrintJob, PrintJob } from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';

/** Begins to put orders on paper. @throws ApiError `print_job_too_large`, `nothing_to_print` */
export const createPrintJob = (
  account: string,
  { key, body }: { readonly key: string; readonly body: NewPrintJob },
): Promise<PrintJob> =>
  sent(() => api(account).POST('/v1/print-jobs', { params: { header: { 'idempotency-key': key } }, body }));
