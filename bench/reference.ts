import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { freePort } from '../standalone/processes/ports.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { both, type Yardstick } from './order-report.ts';
import { atOnce } from './order-run.ts';
import { pooled, timed, type Service } from './service.ts';

type Application = Awaited<ReturnType<typeof startApplication>>;
type Place = { binary: string; service: Service; client: Client };

/**
 * Orders of temporalio/reference-app-orders-go on the same Temporal server: posted, charged, booked, then dispatched and
 * delivered by its shipment API, as a clerk does in its web application, until the order's workflow has ended.
 */
export async function runReference(
  place: Place,
  { count, ours, runBare }: { count: number; ours: number; runBare: (workflows: number) => Promise<Yardstick> },
): Promise<void> {
  const application = await startApplication(place);
  try {
    await runOrders(place, application, { count: Math.min(30, count), name: 'warm' });
    const processes = { ...application.processes, Temporal: place.service.processes().Temporal };
    const first = await runBare(Math.ceil(count / 2));
    const before = cpuSeconds(processes);
    const seconds = await runOrders(place, application, { count, name: 'run' });
    const cpu = difference(cpuSeconds(processes), before);
    const bare = both(first, await runBare(Math.ceil(count / 2)));
    console.log(describeReference({ count, ours, seconds, cpu, bare }));
  } finally {
    await application.stop();
  }
}

type Reference = { count: number; ours: number; seconds: number; cpu: Record<string, number>; bare: Yardstick };

/** By parts of the bare workflow's rate, since a shared machine is not as fast now as it was for our orders. */
function describeReference({ count, ours, seconds, cpu, bare }: Reference): string {
  const used = Object.entries(cpu);
  const each = used.map(([name, spent]) => `${name} ${((1000 * spent) / count).toFixed(1)}`).join(', ');
  const ms = (1000 * used.reduce((sum, [, spent]) => sum + spent, 0)) / count;
  const bareRate = bare.workflows / bare.seconds;
  const theirs = count / seconds / bareRate;
  const ratio = ours / theirs;
  return [
    `reference-app-orders-go: ${count} orders of one item, ${atOnce} at once`,
    `  rate       ${(count / seconds).toFixed(1)} orders/s; bare workflow ${bareRate.toFixed(1)}/s; ratio ${theirs.toFixed(2)}; ours, in the first case above, ${ours.toFixed(2)}: ${ratio.toFixed(2)} times as fast (aim ≥ 2.5: ${ratio >= 2.5 ? 'met' : 'not met'})`,
    `  processor  ${ms.toFixed(1)} ms an order: ${each}`,
  ].join('\n');
}

/** Its processes as its README starts them: all workers in one, all APIs in one, its database a file. */
async function startApplication({ binary, service }: Place) {
  const folder = mkdtempSync(join(tmpdir(), 'reference-app-'));
  const names = ['ORDER', 'SHIPMENT', 'BILLING', 'FRAUD'];
  const ports = await Promise.all(names.map(() => freePort()));
  const env: NodeJS.ProcessEnv = { ...process.env, TEMPORAL_ADDRESS: service.temporalAddress };
  names.forEach((name, index) => {
    env[`${name}_API_PORT`] = String(ports[index]);
    env[`${name}_API_URL`] = `http://127.0.0.1:${ports[index]}`;
  });
  const start = (name: string) => spawn(binary, [name], { cwd: folder, env, stdio: 'ignore' });
  const [api, worker] = [start('api'), start('worker')];
  const [orderUrl, shipmentUrl] = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
  await until(() => fetch(`${orderUrl}/orders`).then(({ ok }) => ok, () => false)); // prettier-ignore
  return {
    orderUrl,
    shipmentUrl,
    processes: { api: api.pid, worker: worker.pid },
    async stop() {
      const ended = [api, worker].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of [api, worker]) child.kill('SIGINT');
      await Promise.all(ended);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits by a count of its workflows, which costs the server little. @returns seconds */
async function runOrders(
  { client }: Place,
  { orderUrl, shipmentUrl }: Application,
  { count, name }: { count: number; name: string },
): Promise<number> {
  const ids = Array.from({ length: count }, (_, index) => `${name}-${Date.now()}-${index}`);
  const waiting = async (type: string) =>
    (await client.workflow.count(`WorkflowType = "${type}" AND ExecutionStatus = "Running"`)).count;
  return timed(async () => {
    await pooled(ids, atOnce, (id) => post(`${orderUrl}/orders`, { id, customerId: 'bench', items: [{ sku: 'Nike Air', quantity: 1 }] })); // prettier-ignore
    await until(async () => (await waiting('Shipment')) === count, { everyMs: 100 });
    await pooled(ids, atOnce, async (id) => {
      for (const status of ['dispatched', 'delivered'])
        await post(`${shipmentUrl}/shipments/${id}:1/status`, { status });
    });
    await until(async () => (await waiting('Order')) === 0, { everyMs: 100 });
  });
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
