import type { PaperJob, PaperResult } from './job.ts';

/**
 * Prints sheets as one PDF, in a worker thread. A sheet that cannot be printed is left out and named.
 * @throws DomainError `print_job_too_large` above `pagesAtOnce` pages
 */
export function renderPages(_job: PaperJob): Promise<PaperResult> {
  return Promise.reject(new Error('Not built yet.'));
}
