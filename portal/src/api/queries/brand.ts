import { queryOptions } from '@tanstack/react-query';
import type { Brand as ApiBrand } from '../../../../clients/typescript/src/index.ts';
import { readDocument } from '../commands/documents.ts';
import { api, got } from '../client.ts';

export type Brand = ApiBrand;

/** How the account's packing slips look. */
export const brandQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'brand'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/brand', { signal })),
  });

/** A picture as an address that `<img>` takes: the content policy of the page lets no other in. */
export const pictureQuery = (account: string, documentId: string) =>
  queryOptions({
    queryKey: [account, 'pictures', documentId],
    queryFn: async () => dataUrlOf(await readDocument(account, { id: documentId })),
    // The bytes of a document never change.
    staleTime: Infinity,
  });

const dataUrlOf = (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    // Of `readAsDataURL` it is a text.
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'));
    reader.readAsDataURL(file);
  });
