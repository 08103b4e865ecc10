import { importOrders, openMarket, placeOrders, type Order } from './market.ts';
import { cpuSeconds, difference } from './measure.ts';
import { pooled, startService, timed } from './service.ts';

/**
 * How long shipments of dropships take as one batch, and in as many single requests, some at the same time. A batch
 * answers within 50 s; items that it had no time for get `no_answer`, and a repeat records them.
 */
const count = Number(process.argv[2] ?? 500);
const atOnce = 6;

const shipmentOf = ({ id }: Order) => ({ carrier: 'ups', trackingNumber: `1Z${id.slice(-12)}` });

const service = await startService();
try {
  const market = await openMarket(service);
  const received = async () => importOrders(market, await placeOrders(market, count, 16));
  const [single, together] = [await received(), await received()];

  const { supplier } = market;
  const alone = await timed(() =>
    pooled(single, atOnce, (order) => supplier.post(`/orders/${order.id}/shipments`, shipmentOf(order))),
  );
  const before = cpuSeconds(service.pids);
  const items = together.map((order) => ({ orderId: order.id, ...shipmentOf(order) }));
  let recorded = 0;
  const batch = await timed(async () => {
    const { results } = await supplier.post<{ results: { status: string }[] }>('/shipments/batch', { items });
    recorded = results.filter(({ status }) => status === 'ok').length;
  });
  const cpu = Object.entries(difference(cpuSeconds(service.pids), before));
  console.log(`${recorded} of ${count} shipments recorded by one request in ${batch.toFixed(1)} s (limit 50 s)`);
  console.log(`the same by requests of their own, ${atOnce} at once: ${alone.toFixed(1)} s; ratio ${(batch / alone).toFixed(2)}`); // prettier-ignore
  console.log(`CPU per shipment: ${cpu.map(([name, used]) => `${name} ${((1000 * used) / count).toFixed(1)} ms`).join(', ')}`); // prettier-ignore
} finally {
  await service.stop();
}
