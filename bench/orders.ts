import { Client, Connection } from '@temporalio/client';
import { freePort } from '../standalone/processes/ports.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { openMarket, type Shop } from './market.ts';
import {
  both,
  busyPercent,
  describe,
  partOfBare,
  sizes,
  type Aims,
  type Measured,
  type Yardstick,
} from './order-report.ts';
import { atOnce, runOrders, type Bench } from './order-run.ts';
import { runReference } from './reference.ts';
import { pooled, startService, timed } from './service.ts';
import { historyFigures } from './temporal-figures.ts';
import { openWatch } from './watch.ts';

/**
 * Measures complete orders per second, compared with a bare three-activity workflow on the same server in the same run,
 * half of it before and half after the orders; the processor time of each process; transactions and statements;
 * Temporal's events and actions. REFERENCE_APP is the path of the built `oms` of temporalio/reference-app-orders-go: its
 * orders are then measured in the same run. The figures are of one machine in one run: read the ratios.
 */
const count = Number(process.argv[2] ?? 300);
const wanted = process.argv[3] ?? '';

type Case = { name: string; skus: number; hasShop: boolean };
const cases: readonly Case[] = [
  { name: 'api channel, 200 SKUs', skus: 200, hasShop: false },
  { name: 'api channel, one hot SKU', skus: 1, hasShop: false },
  { name: 'Vendure shop, 200 SKUs', skus: 200, hasShop: true },
  { name: 'Vendure shop, one hot SKU', skus: 1, hasShop: true },
];

const aimsOf = ({ hasShop }: Case): Aims => ({
  ...{ rate: 0.5, transactions: 8, statements: 70 },
  ...(hasShop ? { cpuMs: 85, events: 27, actions: 5 } : { cpuMs: 70, events: 21, actions: 4 }),
});

async function runBare(bench: Bench, workflows: number): Promise<Yardstick> {
  const { client, service } = bench;
  const ids = Array.from({ length: workflows }, (_, index) => `bare-${Date.now()}-${index}`);
  const processes = { worker: bareWorker.pid, Temporal: service.processes().Temporal };
  const before = cpuSeconds(processes);
  const seconds = await timed(() =>
    pooled(ids, atOnce * 2, (workflowId) => client.workflow.execute('bare', { workflowId, taskQueue: 'bare' })),
  );
  return { seconds, cpu: difference(cpuSeconds(processes), before), workflows };
}

async function measureCase(bench: Bench, one: Case): Promise<Measured> {
  const market = await openMarket(bench.service, { skus: one.skus, ...(one.hasShop && { shop }) });
  await runOrders(bench, market, Math.min(30, count));
  const first = await runBare(bench, Math.ceil(count / 2));
  const run = await runOrders(bench, market, count);
  const second = await runBare(bench, Math.ceil(count / 2));
  const measured = { run, bare: both(first, second), history: await historyFigures(bench.client) };
  console.log(`${one.name}: ${count} orders, ${atOnce} at once\n${describe(measured, aimsOf(one))}`);
  return measured;
}

/** A Vendure of its own process: its processor time is not in the figures. */
const shopHost = `127.0.0.1:${await freePort()}`;
const shopUrl = `http://${shopHost}`;
type Totals = { orders: number; shipped: number; fulfillments: number };
const ask = async (path: string, body: object = {}) =>
  (await (await fetch(`${shopUrl}${path}`, { method: 'POST', body: JSON.stringify(body) })).json()) as Totals;
const shop: Shop = { url: shopUrl, buy: async (skus) => void (await ask('/buy', { skus })) };
process.env['ALLOWED_PRIVATE_HOSTS'] = shopHost;

const service = await startService({ countStatements: true });
const bareWorker = await service.add('bare-worker', 'bench/bare-worker.ts');
const watch = await openWatch(service);
try {
  await service.add('shop', 'bench/shop.ts', { SHOP_PORT: new URL(shopUrl).port });
  const client = new Client({ connection: await Connection.connect({ address: service.temporalAddress }) });
  const bench = { service, watch, client };
  await until(() => ask('/totals').catch(() => false));
  await runBare(bench, 30);
  const measured: Measured[] = [];
  for (const one of cases.filter(({ name }) => name.includes(wanted))) measured.push(await measureCase(bench, one));
  const { orders, shipped, fulfillments } = await ask('/totals');
  console.log(`the shop's ledger: ${orders} orders, ${shipped} shipped whole and once, ${fulfillments} fulfillments`);
  const [first] = measured;
  if (first === undefined) throw new Error(`No case has "${wanted}" in its name.`);
  const binary = process.env['REFERENCE_APP'];
  const compared = { count, ours: partOfBare(first), runBare: (workflows: number) => runBare(bench, workflows) };
  if (binary !== undefined) await runReference({ binary, service, client }, compared);
  console.log(`\nin proportion to the first case, cores ${busyPercent} % busy:\n\n${sizes(first, [10, 100, 1000])}`);
} finally {
  await watch.stop();
  await service.stop();
}
