import { beginRound, importOrders, openMarket, placeOrders } from './market.ts';
import { cpuSeconds, difference } from './measure.ts';
import { pooled, startService, timed } from './service.ts';
import { openWatch } from './watch.ts';

/**
 * How long shipments of dropships take as one batch, and in as many single requests, some at the same time. A batch
 * answers within 50 s; items that it had no time for get `no_answer`, and a repeat records them.
 */
const count = Number(process.argv[2] ?? 500);
const atOnce = 6;

const shipmentOf = (orderId: string) => ({ carrier: 'ups', trackingNumber: `1Z${orderId.slice(-12)}` });

const service = await startService();
const watch = await openWatch(service);
try {
  const market = await openMarket(service);
  const received = async () => {
    const round = await beginRound(market, watch, count);
    await placeOrders(round, 16);
    return importOrders(round);
  };
  const [single, together] = [await received(), await received()];

  const { supplier } = market;
  const alone = await timed(() =>
    pooled(single, atOnce, (orderId) => supplier.post(`/orders/${orderId}/shipments`, shipmentOf(orderId))),
  );
  const before = cpuSeconds(service.pids, watch.pid);
  const items = together.map((orderId) => ({ orderId, ...shipmentOf(orderId) }));
  let recorded = 0;
  const batch = await timed(async () => {
    const { results } = await supplier.post<{ results: { status: string }[] }>('/shipments/batch', { items });
    recorded = results.filter(({ status }) => status === 'ok').length;
  });
  const cpu = Object.entries(difference(cpuSeconds(service.pids, watch.pid), before));
  console.log(`${recorded} of ${count} shipments recorded by one request in ${batch.toFixed(1)} s (limit 50 s)`);
  console.log(`the same by requests of their own, ${atOnce} at once: ${alone.toFixed(1)} s; ratio ${(batch / alone).toFixed(2)}`); // prettier-ignore
  console.log(`CPU per shipment: ${cpu.map(([name, used]) => `${name} ${((1000 * used) / count).toFixed(1)} ms`).join(', ')}`); // prettier-ignore
} finally {
  await watch.stop();
  await service.stop();
}
