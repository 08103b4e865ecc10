import { Client, Connection } from '@temporalio/client';
import { importOrders, openMarket, placeOrders, type Market, type Order } from './market.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { pooled, startService, timed } from './service.ts';

/**
 * Measures complete orders per second (api channel, release by Sync, shipment by REST, until the push is confirmed),
 * compared with a bare three-activity workflow on the same server in the same run; Temporal actions and history events
 * per order; and the share of each stage. The figures are of one machine in one run: read the ratios.
 */
const count = Number(process.argv[2] ?? 300);
const atOnce = 16;

type Shipment = { id: string; confirmedAt: string | null };

/** @returns seconds of each stage */
async function runOrders(market: Market, orders: number): Promise<Record<string, number>> {
  const { supplier } = market;
  let placed: Order[] = [];
  const place = await timed(async () => (placed = await placeOrders(market, orders, atOnce)));
  let received: Order[] = [];
  const importing = await timed(async () => (received = await importOrders(market, placed)));
  let shipments: Shipment[] = [];
  const shipping = await timed(async () => {
    shipments = await pooled(received, atOnce, (order) =>
      supplier.post<Shipment>(`/orders/${order.id}/shipments`, { carrier: 'ups', trackingNumber: `1Z${order.id}` }),
    );
  });
  const confirming = await timed(() =>
    pooled(shipments, atOnce, ({ id }) =>
      until(async () => (await supplier.get<Shipment>(`/shipments/${id}`)).confirmedAt),
    ),
  );
  return { place, importing, shipping, confirming };
}

async function runBare(client: Client, workflows: number): Promise<number> {
  const ids = Array.from({ length: workflows }, (_, index) => `bare-${Date.now()}-${index}`);
  return timed(() =>
    pooled(ids, atOnce * 2, (workflowId) => client.workflow.execute('bare', { workflowId, taskQueue: 'bare' })),
  );
}

async function report(
  client: Client,
  { stages, cpu, bareSeconds }: { stages: Record<string, number>; cpu: Record<string, number>; bareSeconds: number },
) {
  const seconds = Object.values(stages).reduce((sum, stage) => sum + stage, 0);
  const rate = count / seconds;
  const bareRate = count / bareSeconds;
  const { events, actions } = await historyFigures(client);
  console.log(`orders: ${count}, ${atOnce} at once`);
  console.log(
    `complete orders: ${rate.toFixed(1)}/s; bare three-activity workflow: ${bareRate.toFixed(1)}/s; ratio ${(rate / bareRate).toFixed(2)} (aim 0.8)`,
  );
  console.log(`per order: ${actions.toFixed(1)} Temporal actions (aim 12), ${events.toFixed(1)} history events`);
  console.log(
    `share of time: ${Object.entries(stages)
      .map(([stage, part]) => `${stage} ${Math.round((100 * part) / seconds)} %`)
      .join(', ')}`,
  );
  console.log(
    `CPU per order: ${Object.entries(cpu)
      .map(([name, used]) => `${name} ${((1000 * used) / count).toFixed(1)} ms`)
      .join(', ')}`,
  );
}

/** Event types that are an action, by their numbers: started, activity started, timer, signal, upsert, Update accepted. */
const actionEvents = new Set([1, 11, 17, 26, 40, 47]);

/** The mean over the last twenty closed dropships. An activity's started event carries its attempts. */
async function historyFigures(client: Client): Promise<{ events: number; actions: number }> {
  const totals = { events: 0, actions: 0, workflows: 0 };
  for await (const { workflowId } of client.workflow.list({
    query: 'WorkflowType = "dropship" AND ExecutionStatus = "Completed"',
  })) {
    if (totals.workflows === 20) break;
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    totals.workflows += 1;
    totals.events += events?.length ?? 0;
    for (const event of events ?? []) {
      if (actionEvents.has(event.eventType ?? 0))
        totals.actions += event.activityTaskStartedEventAttributes?.attempt ?? 1;
    }
  }
  return { events: totals.events / totals.workflows, actions: totals.actions / totals.workflows };
}

const service = await startService();
try {
  const client = new Client({ connection: await Connection.connect({ address: service.temporalAddress }) });
  await service.add('bare-worker', 'bench/bare-worker.ts');
  const market = await openMarket(service);
  await runOrders(market, 30);
  await runBare(client, 30);

  const before = cpuSeconds(service.pids);
  const stages = await runOrders(market, count);
  const cpu = difference(cpuSeconds(service.pids), before);
  const bareSeconds = await runBare(client, count);
  await report(client, { stages, cpu, bareSeconds });
} finally {
  await service.stop();
}
