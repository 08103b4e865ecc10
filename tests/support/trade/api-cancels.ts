import { ScheduleNotFoundError } from '@temporalio/client';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import type { Deps } from '../../../activities/deps.ts';
import { requireDropship } from '../../../db/dropships/dropships.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { Workflows } from '../../../temporal/client.ts';
import { anOrder, aPostedOrder, aTrade, type Handed, type OrderJson } from '../../support/trade/api-orders.ts';
import type { Caller, TestApi } from '../../support/engine/test-api.ts';

/** Which account each dropship is of. */
const merchantOf = new Map<string, string>();

/** What the dropship's workflow does to the rows, without its checks. */
export function cancelWorkflows(pool: Pool): Partial<Workflows> {
  const describe = () => Promise.reject(new ScheduleNotFoundError('none', 'none'));
  const client = { schedule: { getHandle: () => ({ describe }) } };
  const cancels = createCancelActivities({ pool, client, crashPoint: () => undefined } as unknown as Deps);
  return {
    async requestCancel(dropshipId, input) {
      const { status } = await withAccount(pool, merchantOf.get(dropshipId)!, (db) => requireDropship(db, dropshipId));
      const lines = input.lines ?? [];
      if (status === 'requested') {
        await cancels.cancelBeforeImport({ ...input, dropshipId });
        return { outcome: 'cancelled' };
      }
      await cancels.noteCancelRequest({ ...input, dropshipId, lines });
      return { outcome: 'requested' };
    },
    async acceptCancel(dropshipId, { lines, reason, ...input }) {
      const remaining = lines!.map(({ lineId, quantity }) => ({ lineId, remaining: 2 - quantity }));
      const cancelled = await cancels.cancelAtSupplier({ ...input, dropshipId, reason, lines: remaining });
      await cancels.relayCancel({ dropshipId, reason, lines: cancelled.lines });
    },
    declineCancel: (dropshipId, input) => cancels.declineCancel({ ...input, dropshipId }),
  };
}

type Body = { key?: string; [field: string]: unknown };
export const cancel = (account: Caller, orderId: string, { key, ...body }: Body = {}) =>
  account.post(
    `/v1/orders/${orderId}/cancel`,
    { reason: 'customer_request', ...body },
    key ? { 'idempotency-key': key } : {},
  );
export const answered =
  (to: 'accept' | 'decline') =>
  (account: Caller, orderId: string, { key, ...body }: Body = {}) =>
    account.post(
      `/v1/orders/${orderId}/cancel/${to}`,
      { reason: to === 'accept' ? 'customer_request' : 'packed', ...body },
      key ? { 'idempotency-key': key } : {},
    );
export const shown = async (account: Caller, orderId: string) =>
  (await account.get(`/v1/orders/${orderId}`)).json<OrderJson>();
export const events = async (account: Caller, orderId: string, type: string) =>
  (await account.get(`/v1/orders/${orderId}/events`))
    .json<{ data: { type: string; data: object; actor: object }[] }>()
    .data.filter((event) => event.type === type);
export const committed = async (account: Caller, sku: string) =>
  (await account.get(`/v1/stock?sku=${sku}`)).json<{ data: { committed: number }[] }>().data[0]!.committed;

/** A leaf of two units of LAMP with its dropship. */
export async function aLeaf(api: TestApi): Promise<{ trade: Handed; leaf: OrderJson; dropshipId: string }> {
  const trade = await aTrade(api);
  const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
  merchantOf.set(leaf.dropship!.id, trade.merchant.accountId);
  return { trade, leaf, dropshipId: leaf.dropship!.id };
}
