import { api, got } from '../client.ts';

export type DocumentFormat = 'pdf' | 'zpl' | 'png';

/** The bytes of a document. The order's timeline says who printed a label. @throws ApiError `document_not_found` */
export const readDocument = (
  account: string,
  { id, format = 'pdf' }: { readonly id: string; readonly format?: DocumentFormat },
): Promise<Blob> =>
  got(api(account).GET('/v1/documents/{id}', { params: { path: { id }, query: { format } }, parseAs: 'blob' }));
