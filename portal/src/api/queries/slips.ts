import { queryOptions } from '@tanstack/react-query';
import type { Order as ApiOrder } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

/** An order with its lines and address, as it goes onto paper. */
export type PrintedOrder = ApiOrder;

/** So many the API takes at once. */
const atOnce = 100;

/** The orders of these ids, in their order. One that is not there, or of somebody else, is left out. */
export const slipsQuery = (account: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: [account, 'slips', ids],
    queryFn: async ({ signal }) => {
      const groups = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, group) =>
        ids.slice(group * atOnce, (group + 1) * atOnce),
      );
      const pages = await Promise.all(
        groups.map((group) =>
          got(api(account).GET('/v1/orders', { params: { query: { ids: group, limit: atOnce } }, signal })),
        ),
      );
      const found = new Map(pages.flatMap(({ data }) => data.map((order) => [order.id, order] as const)));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
  });
