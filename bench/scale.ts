import { Client, Connection } from '@temporalio/client';
import { openMarket } from './market.ts';
import { atOnce, ratePerSecond, runOrders } from './order-run.ts';
import { startService, type Fleet } from './service.ts';
import { openWatch } from './watch.ts';

/**
 * Complete orders per second and processor time of an order with more processes of ours on one Postgres and one Temporal.
 * On a machine whose cores are used up the rate cannot grow; the processor time of an order must not grow either.
 */
const count = Number(process.argv[2] ?? 100);
const longestSeconds = 170;

const fleets: readonly Fleet[] = [
  { worker: 1, api: 1 },
  { worker: 2, api: 1 },
  { worker: 4, api: 1 },
  { worker: 4, api: 2 },
  { worker: 2, api: 2 },
  { worker: 1, api: 2 },
];

const service = await startService();
const watch = await openWatch(service);
try {
  const client = new Client({ connection: await Connection.connect({ address: service.temporalAddress }) });
  const bench = { service, watch, client };
  console.log(`${count} orders each, ${atOnce} at once, api channel, 200 SKUs`);
  const [began, names] = [performance.now(), ['api', 'worker', 'Temporal', 'Postgres']];
  console.log(['workers', 'apis', 'orders/s', 'ms/order', ...names, 'connections'].join('\t'));
  for (const fleet of fleets) {
    const spent = (performance.now() - began) / 1000;
    if (spent > longestSeconds - 30) {
      console.log(`${fleet.worker}\t${fleet.api}\tleft out: ${spent.toFixed(0)} s are gone`);
      continue;
    }
    await service.scale(fleet);
    // A market of its own, since its users call all api processes in turn.
    const market = await openMarket(service, { skus: 200 });
    await runOrders(bench, market, Math.ceil(count / 4));
    const run = await runOrders(bench, market, count);
    const each = names.map((name) => (1000 * run.cpu[name]!) / count);
    const total = each.reduce((sum, ms) => sum + ms, 0);
    const figures = [ratePerSecond(run), total, ...each].map((figure) => figure.toFixed(1));
    console.log([fleet.worker, fleet.api, ...figures, await connectionsOf()].join('\t'));
  }
} finally {
  await watch.stop();
  await service.stop();
}

/** Those of our roles, open after a run. */
async function connectionsOf(): Promise<number> {
  const open = `select count(*)::int as open from pg_stat_activity where usename in ('vp_app', 'vp_system')`;
  const [row] = await watch.rows<{ open: number }>(open);
  return row?.open ?? 0;
}
