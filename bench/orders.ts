import { Client, Connection } from '@temporalio/client';
import { freePort } from '../standalone/processes/ports.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { openMarket, type Shop } from './market.ts';
import { atOnce, ratePerSecond, runOrders, type Bench, type OrderRun } from './order-run.ts';
import { runReference } from './reference.ts';
import { pooled, startService, timed } from './service.ts';
import { historyFigures } from './temporal-figures.ts';
import { openWatch, type Work } from './watch.ts';

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

type Aims = { cpuMs: number; rate: number; transactions: number; statements: number; events: number; actions: number };
const aimsOf = ({ hasShop }: Case): Aims => ({
  ...{ rate: 0.5, transactions: 8, statements: 70 },
  ...(hasShop ? { cpuMs: 85, events: 27, actions: 5 } : { cpuMs: 70, events: 21, actions: 4 }),
});

type Yardstick = { seconds: number; cpu: Record<string, number>; workflows: number };

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

const both = (one: Yardstick, other: Yardstick): Yardstick => ({
  seconds: one.seconds + other.seconds,
  workflows: one.workflows + other.workflows,
  cpu: Object.fromEntries(Object.entries(one.cpu).map(([name, used]) => [name, used + other.cpu[name]!])),
});

const sum = (figures: Record<string, number>) => Object.values(figures).reduce((total, figure) => total + figure, 0);
const against = (isMet: boolean, aim: string) => `(aim ${aim}: ${isMet ? 'met' : 'not met'})`;
const atMost = (figure: number, aim: number, of: string) =>
  `${figure.toFixed(1)} ${of} ${against(Number(figure.toFixed(1)) <= aim, `≤ ${aim}`)}`;

const msEach = (cpu: Record<string, number>, orders: number) =>
  Object.entries(cpu).map(([name, used]) => `${name} ${((1000 * used) / orders).toFixed(1)}`).join(', '); // prettier-ignore

async function report(bench: Bench, aims: Aims, { run, bare }: { run: OrderRun; bare: Yardstick }) {
  const { orders, stages } = run;
  const { bench: own = 0, ...cpu } = run.cpu;
  const rate = ratePerSecond(run);
  const bareRate = bare.workflows / bare.seconds;
  const ms = (1000 * sum(cpu)) / orders;
  const bareMs = (1000 * sum(bare.cpu)) / bare.workflows;
  const { events, actions } = await historyFigures(bench.client);
  const counted = run.actions === undefined ? '' : `; the server counted ${(run.actions / orders).toFixed(1)} actions, with the tasks that import`; // prettier-ignore
  const share = Object.entries(stages).map(([stage, part]) => `${stage} ${Math.round((100 * part) / sum(stages))} %`);
  console.log(
    [
      `  rate       ${rate.toFixed(1)} orders/s; bare workflow ${bareRate.toFixed(1)}/s; ratio ${(rate / bareRate).toFixed(2)} ${against(rate / bareRate >= aims.rate, `≥ ${aims.rate}`)}`,
      `  processor  ${atMost(ms, aims.cpuMs, 'ms an order')}: ${msEach(cpu, orders)}`,
      `             bare workflow ${bareMs.toFixed(1)} ms: ${msEach(bare.cpu, bare.workflows)}; ratio ${(bareMs / ms).toFixed(2)}; this program ${((1000 * own) / orders).toFixed(1)} ms an order besides`,
      `  Postgres   ${describeWork(run.work, orders, aims)}`,
      `  Temporal   ${atMost(events, aims.events, 'events')}, ${atMost(actions, aims.actions, 'actions')} a dropship${counted}`,
      `  time       ${share.join(', ')}`,
      ...(run.repeats === 0
        ? []
        : [`  the machine was busy: ${run.repeats} requests got no answer in time and were repeated`]),
    ].join('\n'),
  );
}

function describeWork(work: Work | undefined, orders: number, aims: Aims): string {
  if (work === undefined) return 'not counted: the server was given';
  const each = Object.entries(work.kinds).toSorted(([, one], [, other]) => other - one);
  const kinds = each.map(([kind, calls]) => `${(calls / orders).toFixed(1)} ${kind}`).join(', ');
  const transactions = atMost(work.transactions / orders, aims.transactions, 'transactions');
  const statements = atMost(work.statements / orders, aims.statements, 'statements');
  return `${transactions}; ${statements}: ${kinds}; ${(work.singles / orders).toFixed(1)} of them single reads across accounts`;
}

/** @returns orders per second */
async function measureCase(bench: Bench, one: Case): Promise<number> {
  const market = await openMarket(bench.service, { skus: one.skus, ...(one.hasShop && { shop }) });
  await runOrders(bench, market, Math.min(30, count));
  const first = await runBare(bench, Math.ceil(count / 2));
  const run = await runOrders(bench, market, count);
  const second = await runBare(bench, Math.ceil(count / 2));
  console.log(`${one.name}: ${count} orders, ${atOnce} at once`);
  await report(bench, aimsOf(one), { run, bare: both(first, second) });
  return ratePerSecond(run);
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
  const rates: number[] = [];
  for (const one of cases.filter(({ name }) => name.includes(wanted))) rates.push(await measureCase(bench, one));
  const { orders, shipped, fulfillments } = await ask('/totals');
  console.log(`the shop's ledger: ${orders} orders, ${shipped} shipped whole and once, ${fulfillments} fulfillments`);
  const binary = process.env['REFERENCE_APP'];
  if (binary !== undefined) await runReference({ binary, service, client }, { count, ours: rates[0]! });
} finally {
  await watch.stop();
  await service.stop();
}
