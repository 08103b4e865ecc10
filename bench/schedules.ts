import { Client, Connection } from '@temporalio/client';
import type { TaskType } from '../domain/task.ts';
import { ProblemError, restClient, type Rest } from '../tests/support/engine/rest.ts';
import { workflowIds } from '../workflows/names.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { pooled, startService, timed, type Service } from './service.ts';

/**
 * Measures the cost of idle channels: `api` channels of one account, each with three tasks every ten minutes (Cancel
 * Orders stays paused, as it is created). Shows the processor time of each server, the runs, and Temporal actions per
 * hour; for comparison the same service without channels, and the cost of making the channels.
 */
const channels = Number(process.argv[2] ?? 1_000);
const seconds = Number(process.argv[3] ?? 300);
const atOnce = 8;
const busy: readonly TaskType[] = ['import_orders', 'import_products', 'write_inventory'];
const workflowTypes = ['importOrders', 'importProducts', 'writeInventory'];

type Cpu = Record<string, number>;
type Stretch = { from: Date; seconds: number; cpu: Cpu };

async function openAccount({ url, operatorKey }: Service): Promise<Rest> {
  const operator = restClient(url, operatorKey);
  const { id } = await operator.post<{ id: string }>('/accounts', { name: 'Merchant' });
  const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name: 'bench', scopes: ['admin'] });
  return restClient(url, key);
}

/** @returns the channels, once each has its four Schedules */
async function makeChannels(merchant: Rest): Promise<string[]> {
  const names = Array.from({ length: channels }, (_, index) => `Shop ${index}`);
  const made = await pooled(names, atOnce, (name) =>
    merchant.post<{ id: string }>('/channels', { kind: 'api', name, settings: {} }),
  );
  const ids = made.map(({ id }) => id);
  // Channels are set up in order, so wait for the last one first: then few others need a second look.
  for (const id of [...ids].reverse()) {
    await patiently(
      async () => (await merchant.get<{ data: unknown[] }>(`/channels/${id}/schedules`)).data.length === 4,
    );
  }
  return ids;
}

const changeIntervals = (merchant: Rest, ids: readonly string[]) =>
  pooled(ids, atOnce, async (id) => {
    for (const task of busy) {
      await patiently(() => merchant.patch(`/channels/${id}/schedules/${task}`, { interval: '10m' }));
    }
  });

/** On a busy machine a read of Temporal may time out. Then it is repeated, as a client would. */
const patiently = (ask: () => Promise<unknown>) =>
  until(
    () =>
      ask().catch((error: unknown) => {
        if (error instanceof ProblemError && error.status === 503) return undefined;
        throw error;
      }),
    { seconds: 120 + channels },
  );

async function measure({ pids }: Service, work: () => Promise<unknown>): Promise<Stretch> {
  const from = new Date();
  const before = cpuSeconds(pids);
  const seconds = await timed(work);
  return { from, seconds, cpu: difference(cpuSeconds(pids), before) };
}

const rest = (length: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * length));

async function countRuns(client: Client, { from, seconds: length }: Stretch): Promise<number> {
  const to = new Date(from.getTime() + 1_000 * length);
  const types = workflowTypes.map((type) => `WorkflowType = "${type}"`).join(' OR ');
  // Temporal's count lags behind the runs that have begun.
  await rest(2);
  const query = `(${types}) AND StartTime > "${from.toISOString()}" AND StartTime < "${to.toISOString()}"`;
  return (await client.workflow.count(query)).count;
}

/** Event types that are an action, by their numbers: activity started, timer, signal, a local activity's marker. */
const actionEvents = new Set([11, 17, 26, 25]);

/** A run by Schedule is three actions, its start included, plus those in the run's history. */
async function actionsPerRun(client: Client): Promise<{ actions: number; events: number }> {
  const totals = { actions: 0, events: 0, runs: 0 };
  const query = `ExecutionStatus = "Completed" AND WorkflowType IN (${workflowTypes.map((type) => `"${type}"`).join(', ')})`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (totals.runs === 30) break;
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    totals.runs += 1;
    totals.events += events?.length ?? 0;
    totals.actions += 3 + (events ?? []).filter((event) => actionEvents.has(event.eventType ?? 0)).length;
  }
  return { actions: totals.actions / totals.runs, events: totals.events / totals.runs };
}

/** Seconds of the latest completed pass of `reconcile_schedules`. */
async function secondsOfPass(client: Client): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowIds.reconcileSchedules).fetchHistory();
  const ended = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).at(-1);
  const startedId = ended?.activityTaskCompletedEventAttributes?.startedEventId;
  const started = (events ?? []).find(({ eventId }) => String(eventId) === String(startedId));
  const timeOf = ({ eventTime }: NonNullable<typeof ended>) =>
    Number(eventTime?.seconds ?? 0) + (eventTime?.nanos ?? 0) / 1e9;
  return ended && started ? timeOf(ended) - timeOf(started) : NaN;
}

const shares = (cpu: Cpu, over: number) =>
  Object.entries(cpu)
    .map(([name, used]) => `${name} ${used.toFixed(1)} s (${((100 * used) / over).toFixed(1)} % of a core)`)
    .join(', ');

type Measured = Record<'empty' | 'making' | 'changing' | 'resting', Stretch>;

async function report(client: Client, { empty, making, changing, resting }: Measured): Promise<void> {
  const runs = await countRuns(client, resting);
  const { actions, events } = await actionsPerRun(client);
  const perHour = (3_600 * runs) / resting.seconds;
  const extra = Object.entries(resting.cpu).map(([name, used]) => {
    const own = used - (empty.cpu[name] ?? 0) * (resting.seconds / empty.seconds);
    return `${name} ${((1_000 * own) / runs).toFixed(1)} ms`;
  });
  console.log(`channels: ${channels}, three tasks each every 10 minutes; looked at for ${seconds} s`);
  console.log(`without a channel, ${empty.seconds.toFixed(0)} s: ${shares(empty.cpu, empty.seconds)}`);
  for (const [name, work] of Object.entries({ 'making them': making, 'three intervals each': changing })) {
    console.log(`${name}: ${work.seconds.toFixed(1)} s; ${shares(work.cpu, work.seconds)}`);
  }
  console.log(`idle: ${shares(resting.cpu, resting.seconds)}`);
  console.log(
    `runs: ${runs} (by the clock ${Math.round((channels * busy.length * seconds) / 600)}); per run ${actions.toFixed(1)} Temporal actions, ${events.toFixed(0)} events; CPU ${extra.join(', ')}`,
  );
  console.log(`per hour: ${Math.round(perHour)} runs, ${Math.round(perHour * actions)} Temporal actions`);
  console.log(`a pass of the reconciler: ${(await secondsOfPass(client)).toFixed(2)} s`);
}

const service = await startService();
const connection = await Connection.connect({ address: service.temporalAddress });
try {
  const merchant = await openAccount(service);
  const empty = await measure(service, () => rest(Math.min(30, seconds)));
  let ids: string[] = [];
  const making = await measure(service, async () => (ids = await makeChannels(merchant)));
  const changing = await measure(service, () => changeIntervals(merchant, ids));
  const resting = await measure(service, () => rest(seconds));
  await report(new Client({ connection }), { empty, making, changing, resting });
} finally {
  await connection.close();
  await service.stop();
}
