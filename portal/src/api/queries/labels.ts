import { queryOptions } from '@tanstack/react-query';
import type {
  Label as ApiLabel,
  Quote as ApiQuote,
  Rating as ApiRating,
} from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

export type Label = ApiLabel;
export type Rating = ApiRating;
export type Quote = ApiQuote;

/** Nothing is left to do for it, or a person must decide. A return label has no shipment. */
export const isAtRest = ({ status, isReturn, attention }: Label): boolean =>
  attention !== null || !(status === 'requested' || status === 'void_requested' || (status === 'bought' && !isReturn));

/** Somebody waits for the label. */
const waitingMs = 500;

/** A label until it is bought and its shipment recorded. */
export const labelQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'labels', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/labels/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isAtRest(state.data) ? false : waitingMs),
  });
