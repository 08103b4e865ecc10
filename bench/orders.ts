import { Client, Connection } from '@temporalio/client';
import { restClient, type Rest } from '../standalone/rest.ts';
import { cpuSeconds, difference, until } from './measure.ts';
import { pooled, startService, timed, type Service } from './service.ts';

/**
 * Complete orders per second (api channel, release by Sync, shipment by REST, until the push is confirmed) next to a
 * bare three-activity workflow on the same server in the same run; Temporal actions and history events per order; and
 * where the time goes. Figures of one machine in one run: read the ratios.
 */
const count = Number(process.argv[2] ?? 300);
const atOnce = 16;

type Market = { merchant: Rest; supplier: Rest; supplierId: string; portalId: string; channelId: string };
type Order = { id: string; dropship: { id: string } | null; origin: { dropshipId: string } | null };
type Shipment = { id: string; confirmedAt: string | null };

async function openMarket({ url, operatorKey }: Service): Promise<Market> {
  const operator = restClient(url, operatorKey);
  const side = async (name: string) => {
    const { id } = await operator.post<{ id: string }>('/accounts', { name });
    const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name, scopes: ['admin'] });
    return { id, rest: restClient(url, key) };
  };
  const [merchant, supplier] = [await side('Merchant'), await side('Supplier')];
  await operator.post('/connections', { merchantAccountId: merchant.id, supplierAccountId: supplier.id });
  const first = (rest: Rest, path: string) =>
    until(async () => (await rest.get<{ data: { id: string }[] }>(path)).data[0]?.id);
  const supplierId = await first(merchant.rest, '/suppliers');
  const portalId = await first(supplier.rest, '/channels');
  const { id: channelId } = await merchant.rest.post<{ id: string }>('/channels', {
    kind: 'api',
    name: 'Shop',
    settings: {},
  });
  await merchant.rest.post('/products', {
    sku: 'SKU-1',
    name: 'One',
    fulfillmentType: 'automatically_dropshipped',
    suppliers: [{ supplierId }],
  });
  return { merchant: merchant.rest, supplier: supplier.rest, supplierId, portalId, channelId };
}

/** @returns seconds of each stage */
async function runOrders(market: Market, orders: number): Promise<Record<string, number>> {
  const { merchant, supplier, portalId } = market;
  const names = Array.from({ length: orders }, (_, index) => `${Date.now()}-${index}`);
  let placed: Order[] = [];
  const place = await timed(async () => {
    placed = await pooled(names, atOnce, (name) => merchant.post<Order>('/orders', orderBody(market, name)));
  });
  const wanted = new Set(placed.map((order) => order.dropship!.id));
  let received: Order[] = [];
  const importing = await timed(async () => {
    await supplier.post(`/channels/${portalId}/sync`, { tasks: ['import_orders'] });
    received = await until(async () => {
      const mine = (await listAll(supplier, '/orders')).filter((order) => wanted.has(order.origin?.dropshipId ?? ''));
      return mine.length === orders && mine;
    });
  });
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

function orderBody({ channelId }: Market, name: string) {
  const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };
  const lines = [
    { remoteLineId: `${name}-1`, sku: 'SKU-1', name: 'One', quantity: 1, unitPrice: { amount: 100, currency: 'USD' } },
  ];
  return {
    channelId,
    remoteId: name,
    number: name,
    placedAt: new Date().toISOString(),
    currency: 'USD',
    shipTo,
    lines,
  };
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

async function listAll(rest: Rest, path: string): Promise<Order[]> {
  const all: Order[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: Order[]; nextCursor: string | null } = await rest.get(
      `${path}?limit=200${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
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
