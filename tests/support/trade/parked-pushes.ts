import { inGroups } from './cancel-trade.ts';
import { placeOrder, ship, type Company } from './trade.ts';
import { waitUntil } from '../engine/wait-until.ts';

type Parked = { id: string; orderId: string; since: string };

/** Shipments of orders of one product that a shop does not take. @returns their ids, the longest waiting first */
export async function parkedPushes(
  merchant: Company,
  { channelId, sku, count }: { channelId: string; sku: string; count: number },
): Promise<string[]> {
  const shipments = await inGroups(Array.from({ length: count }), async () => {
    const { id } = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 1 }] });
    return ship(merchant, id, { trackingNumber: `1Z-${id}` });
  });
  const parked = await waitUntil(
    async () => {
      const all = await listAll(merchant, channelId);
      return all.length === count && all;
    },
    { timeoutMs: 120_000, everyMs: 300, what: `${count} parked pushes` },
  );
  return parked.reverse().map(({ orderId }) => shipments.find((shipment) => shipment.orderId === orderId)!.id);
}

/** Newest first. */
async function listAll(merchant: Company, channelId: string): Promise<Parked[]> {
  const all: Parked[] = [];
  for (let cursor = ''; ;) {
    const { data, nextCursor } = await merchant.rest.get<{ data: Parked[]; nextCursor: string | null }>(
      `/attentions?channelId=${channelId}&limit=200${cursor}`,
    );
    all.push(...data);
    if (nextCursor === null) return all;
    cursor = `&cursor=${nextCursor}`;
  }
}
