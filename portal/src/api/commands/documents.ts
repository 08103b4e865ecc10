import { api, got } from '../client.ts';

export type DocumentFormat = 'pdf' | 'zpl' | 'png';

interface Reading {
  readonly id: string;
  /** Left out: a label as PDF, all else as it is stored. */
  readonly format?: DocumentFormat | undefined;
}

/** The bytes of a document. The order's timeline says who printed a label. @throws ApiError `document_not_found` */
export const readDocument = (account: string, { id, format }: Reading): Promise<Blob> =>
  got(
    api(account).GET('/v1/documents/{id}', {
      params: { path: { id }, query: { ...(format && { format }) } },
      parseAs: 'blob',
    }),
  );
