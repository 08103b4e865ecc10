import { queryOptions } from '@tanstack/react-query';
import type { RecognizedNumber } from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';

/** The carriers that we know, by name; `other` last. They change with a release only. */
export const carriersQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'carriers'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/carriers', { signal })),
    staleTime: Infinity,
  });

/** Whose a tracking number may be, by the service's own rule. */
export const recognizedQuery = (account: string, trackingNumber: string) =>
  queryOptions({
    queryKey: [account, 'carriers', 'recognized', trackingNumber],
    queryFn: ({ signal }) => got(api(account).POST('/v1/carriers/recognize', { body: { trackingNumber }, signal })),
    staleTime: Infinity,
    placeholderData: () => undefined,
  });

/** The same for a scan, past the cache; a lost answer is asked for again. */
export const recognized = (account: string, trackingNumber: string): Promise<RecognizedNumber> =>
  sent(() => api(account).POST('/v1/carriers/recognize', { body: { trackingNumber } }));
