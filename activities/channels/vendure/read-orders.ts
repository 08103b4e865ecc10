import { z } from 'zod';
import { ChannelError } from '../channel.ts';
import type { VendureApi } from './api.ts';
import type { vendureSettings } from './kind.ts';
import { orderSchema, orderSelection, toRemoteOrder, type VendureOrder } from './orders.ts';

type Shop = {
  api: VendureApi;
  settings: z.infer<typeof vendureSettings>;
  about: () => Promise<{ hasCompanion: boolean; precision: number }>;
};

/** How this shop's orders are asked for, and how they are read. */
export async function orderReading({ about, settings: { digitalField, importWhen = 'paid' } }: Shop) {
  const { hasCompanion, precision } = await about();
  const toRemote = (order: VendureOrder) => toRemoteOrder(order, { precision, importWhen });
  return { selection: orderSelection({ hasCompanion, digitalField }), toRemote };
}

/** Orders by their ids. */
export function orderReads(shop: Shop) {
  const { api } = shop;
  return {
    getOrder: async (remoteId: string) => {
      const { selection, toRemote } = await orderReading(shop);
      const document = `query ($id: ID!) { order(id: $id) { ${selection} } }`;
      const answer = z.object({ order: orderSchema.nullable() });
      const { order } = await api.call({ document, variables: { id: remoteId }, answer, missing: 'order' });
      if (!order) throw new ChannelError({ kind: 'gone', what: 'order' });
      return toRemote(order);
    },
    getOrders: async (remoteIds: readonly string[]) => {
      const ids = [...new Set(remoteIds)];
      if (ids.length === 0) return [];
      const { selection, toRemote } = await orderReading(shop);
      const document = `query ($options: OrderListOptions) { list: orders(options: $options) { items { ${selection} } } }`;
      const answer = z.object({ list: z.object({ items: z.array(orderSchema) }) });
      const options = { filter: { id: { in: ids } }, take: ids.length };
      return (await api.call({ document, variables: { options }, answer })).list.items.map(toRemote);
    },
  };
}
