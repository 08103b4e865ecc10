import { queryOptions } from '@tanstack/react-query';
import type { NewPrintJob, PrintJob as ApiPrintJob } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

export type PrintJob = ApiPrintJob;
export type Printable = PrintJob['documents'][number];
export type Paper = PrintJob['paper'];
export type PickOrder = NonNullable<NewPrintJob['sort']>;

/** Somebody waits for the paper. */
const waitingMs = 400;

/** A print job until it has ended. */
export const printJobQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'print-jobs', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/print-jobs/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'running' ? false : waitingMs),
  });
