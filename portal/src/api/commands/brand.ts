import type { Brand, NewBrand } from '../../../../clients/typescript/src/index.ts';
import type { Paper } from '../queries/print-jobs.ts';
import { api, got, sent } from '../client.ts';

/** All but the logo. Suppliers get it at once. @throws ApiError with `errors` by the fields of the body */
export const saveBrand = (account: string, body: NewBrand): Promise<Brand> =>
  sent(() => api(account).PUT('/v1/brand', { body }));

/** @throws ApiError `logo_refused` */
export const saveLogo = (account: string, file: File): Promise<Brand> =>
  sent(() =>
    api(account).PUT('/v1/brand/logo', {
      headers: { 'content-type': file.type },
      // The picture goes in the place of the text that the types ask for.
      body: '',
      bodySerializer: () => file,
    }),
  );

export const removeLogo = (account: string): Promise<unknown> => sent(() => api(account).DELETE('/v1/brand/logo'));

/** The packing slip of an order as who ships it prints it. @throws ApiError `nothing_to_print` */
export const readSlip = (
  account: string,
  { order, paper }: { readonly order: string; readonly paper: Paper },
): Promise<Blob> =>
  got(
    api(account).GET('/v1/orders/{id}/packing-slip', {
      params: { path: { id: order }, query: { paper } },
      parseAs: 'blob',
    }),
  );
