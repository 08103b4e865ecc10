import type { Client } from '@temporalio/client';
import { beginRound, importOrders, placeOrders, ship, untilConfirmed, type Market } from './market.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { pooled, timed, type Service } from './service.ts';
import { countedByServer, type Counted } from './temporal-figures.ts';
import { workBetween, type Watch, type Work } from './watch.ts';

/** What is asked at the same time of the api, as by 16 users. */
export const atOnce = 16;

export type Bench = { service: Service; watch: Watch; client: Client };
export type OrderRun = {
  orders: number;
  /** Seconds of each stage. */
  stages: Record<string, number>;
  /** Processor seconds by process, until the last workflow has ended. `bench` is this program, which shares the machine. */
  cpu: Record<string, number>;
  work: Work | undefined;
  /** How much Postgres' tables grew. */
  bytes: number;
  /** As the server counted them: with the tasks that import. Undefined when a server was given. */
  counted: Counted | undefined;
  /** Requests that had to be repeated, since the service did not answer in time. */
  repeats: number;
};

/** Complete orders: placed, released by Sync, shipped by REST, until the push is confirmed. */
export async function runOrders(bench: Bench, market: Market, orders: number): Promise<OrderRun> {
  const { watch } = bench;
  const round = await beginRound(market, watch, orders);
  const before = await look(bench);
  const repeatsBefore = market.repeats;
  const place = await timed(() => placeOrders(round, atOnce));
  let received: string[] = [];
  const importing = await timed(async () => (received = await importOrders(round)));
  const shipping = await timed(() => pooled(received, atOnce, (id) => ship(market, id)));
  const confirming = await timed(() => untilConfirmed(round));
  // The clock has stopped. The end of the workflows is still work of these orders.
  await allClosed(bench.client);
  const after = await look(bench);
  return {
    orders,
    stages: { place, import: importing, ship: shipping, confirm: confirming },
    cpu: difference(after.cpu, before.cpu),
    work: workBetween(after.work, before.work),
    bytes: after.bytes - before.bytes,
    counted: after.counted && before.counted && countedBetween(after.counted, before.counted),
    repeats: market.repeats - repeatsBefore,
  };
}

export const ratePerSecond = ({ orders, stages }: OrderRun): number =>
  orders / Object.values(stages).reduce((sum, stage) => sum + stage, 0);

const allClosed = (client: Client) =>
  until(
    async () => (await client.workflow.count('WorkflowType = "dropship" AND ExecutionStatus = "Running"')).count === 0,
  );

const countedBetween = (after: Counted, before: Counted): Counted => ({
  actions: after.actions - before.actions,
  transitions: after.transitions - before.transitions,
});

async function look({ service, watch }: Bench) {
  const work = await watch.work();
  const bytes = await watch.tableBytes();
  const counted = await countedByServer(service.temporalMetricsUrl);
  const { user, system } = process.cpuUsage();
  const cpu = { ...cpuSeconds(service.processes(), watch.pid), bench: (user + system) / 1_000_000 };
  return { work, bytes, counted, cpu };
}
