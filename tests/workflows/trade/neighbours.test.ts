import { expect, it } from '@jest/globals';
import { insertChannel } from '../../../db/channels/channels.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import { aTradedSku } from '../../support/trade/cancel-trade.ts';
import {
  aCompany,
  aProduct,
  placeOrder,
  ranTask,
  received,
  ship,
  shipmentOf,
  type Company,
} from '../../support/trade/trade.ts';
import { persistently } from '../../support/trade/stage.ts';
import { callingBack } from '../../support/trade/trading-world.ts';
import { startWorld } from '../../support/trade/world.ts';

const endpoint = forTheFile(startCallbackShop);
// No sweep: it would make Schedules for the channels below, which are rows only.
const world = forTheFile(() => startWorld({ allowedHosts: [endpoint.host], sweepMs: 600_000 }));
const noCredentials = createSealer(Buffer.alloc(32).toString('base64'));
/** Each of our own queues would have fewer slots. */
const channels = 40;
/** The others are checked, which hangs alike. */
const withOrders = 15;

/** A company whose shops take each message and never answer. */
async function aHangingCompany(url: string) {
  const company = await aCompany(world);
  const sku = await aProduct(company);
  const settings = { ...callingBack(endpoint), callbackUrl: url };
  const channelIds = await withAccount(world.pool, company.id, async (db) => {
    const ids: string[] = [];
    for (let count = 0; count < channels; count += 1) {
      const channel = { kind: 'api', name: `Shop ${count}`, settings, credentials: null } as const;
      ids.push((await insertChannel(db, noCredentials, channel)).id);
    }
    return ids;
  });
  return { company, sku, channelIds };
}

async function shipOne(company: Company, sku: string, channelId: string): Promise<string> {
  const { id } = await persistently(() => placeOrder(company, { channelId, lines: [{ sku, quantity: 1 }] }));
  return (await persistently(() => ship(company, id, { trackingNumber: `1Z${id}`, key: id }))).id;
}

/** A few at a time: the requests themselves must not be what is too much. */
async function shipAll({ company, sku, channelIds }: Awaited<ReturnType<typeof aHangingCompany>>): Promise<string[]> {
  const left = channelIds.slice(0, withOrders);
  const shipNext = async (shipped: string[]): Promise<string[]> => {
    const channelId = left.pop();
    return channelId === undefined ? shipped : shipNext([...shipped, await shipOne(company, sku, channelId)]);
  };
  return (await Promise.all(Array.from({ length: 5 }, () => shipNext([])))).flat();
}

/** Each tries its channel, which holds up a worker as a task would. */
const check = (channelId: string) =>
  world.client.workflow.start('checkChannel', {
    workflowId: `check_channel/${channelId}`,
    taskQueue: world.queues.tasks,
    args: [{ channelId }],
  });

const isConfirmed = async (company: Company, id: string): Promise<boolean> =>
  (await shipmentOf(company, id)).confirmedAt !== null;

it('a company with forty shops that never answer holds up nobody, and gets its own once they do', async () => {
  const hangingUrl = `${endpoint.url}/hangs`;
  const { merchant, supplier, trade, channelId, sku } = await aTradedSku(world, callingBack(endpoint));
  await merchant.rest.put('/stock', { sku: await aProduct(merchant), physicalOnHand: 5 });
  const hanging = await aHangingCompany(hangingUrl);
  await endpoint.hold(hangingUrl, 'waiting');
  await Promise.all(hanging.channelIds.slice(withOrders).map(check));
  const shipped = await shipAll(hanging);
  await waitUntil(async () => (await endpoint.held(hangingUrl)) >= 25, { timeoutMs: 60_000, what: 'calls that hang' });

  const order = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 1 }] });
  const atSupplier = await received(supplier, { portalId: trade.portalId, dropshipId: order.dropship!.id });
  const { id: shipmentId } = await ship(supplier, atSupplier.id, { trackingNumber: '1Z999AA10123456784' });
  await waitUntil(() => isConfirmed(supplier, shipmentId), { timeoutMs: 5_000 });
  await ranTask(merchant, channelId, 'import_products');
  expect((await ranTask(merchant, channelId, 'write_inventory')).counts).toMatchObject({ written: 1 });

  const confirmed = await Promise.all(shipped.map((id) => isConfirmed(hanging.company, id)));
  expect(confirmed).not.toContain(true);
  await endpoint.letGo(hangingUrl, 'all');
  for (const id of shipped) {
    await waitUntil(() => isConfirmed(hanging.company, id), { timeoutMs: 60_000, everyMs: 200 });
  }
}, 120_000);
