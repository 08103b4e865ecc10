import type {
  BatchResults,
  Connection,
  ConnectionChange,
  IssuedInvitation,
  Supplier,
  SupplierChange,
} from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';

interface Change {
  readonly id: string;
  readonly change: SupplierChange;
}

/** @throws ApiError */
export const updateSupplier = (account: string, { id, change }: Change): Promise<Supplier> =>
  sent(() => api(account).PATCH('/v1/suppliers/{id}', { params: { path: { id } }, body: change }));

/** Pauses, resumes or ends. @throws ApiError `connection_transition_refused` */
export const changeConnection = (
  account: string,
  { id, status }: { readonly id: string; readonly status: ConnectionChange['status'] },
): Promise<Connection> =>
  sent(() => api(account).PATCH('/v1/connections/{id}', { params: { path: { id } }, body: { status } }));

/** @throws ApiError `connection_transition_refused` */
export const answerConnection = (
  account: string,
  { id, accepts }: { readonly id: string; readonly accepts: boolean },
): Promise<Connection> =>
  got(
    accepts
      ? api(account).POST('/v1/connections/{id}/accept', { params: { path: { id } } })
      : api(account).POST('/v1/connections/{id}/decline', { params: { path: { id } } }),
  );

interface GoingLive {
  readonly id: string;
  readonly orderIds: string[];
  readonly key: string;
}

/** Hands named orders to the supplier, each with its own outcome, in their order. @throws ApiError */
export const goLive = (account: string, { id, orderIds, key }: GoingLive): Promise<BatchResults> =>
  sent(() =>
    api(account).POST('/v1/suppliers/{id}/go-live', {
      params: { path: { id }, header: { 'idempotency-key': key } },
      body: { orderIds },
    }),
  );

/** The link is in the answer where it was not mailed, and only once: no key, so that a repeat makes a new link. */
export const invitePartner = (
  account: string,
  body: { readonly kind: 'supplier' | 'merchant'; readonly email: string },
): Promise<IssuedInvitation> => got(api(account).POST('/v1/invitations', { body }));

/** @throws ApiError `invitation_not_found` */
export const withdrawInvitation = (account: string, id: string): Promise<unknown> =>
  got(api(account).DELETE('/v1/invitations/{id}', { params: { path: { id } } }));
