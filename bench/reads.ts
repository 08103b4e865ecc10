import { Pool } from 'undici';
import { freePort } from '../standalone/processes/ports.ts';
import { openMarket, type Market } from './market.ts';
import { cpuSeconds, difference, percentile, until } from './measure.ts';
import { pooled, startService, timed } from './service.ts';

/**
 * Measures `GET /v1/orders?limit=50` and `GET /v1/orders/{id}`: requests per second and processor milliseconds a request,
 * beside raw Fastify and pg with the same JSON statement in the same run (bench/raw-reads.ts). The figures are of one machine in one run: read the ratios.
 */
const seconds = Number(process.argv[2] ?? 5);
const connections = 10;
const rounds = 3;
/** Node compiles code that runs often; a busy machine takes longer until then. */
const warmUp = { seconds: 2, requests: 1_500 };

type Target = { name: string; origin: string; path: string; pid: number };
type Figure = { rate: number; p50: number; p95: number; api: number; postgres: number };

/** 120 orders of a merchant with two lines each: half of them dropshipped, half shipped from its own warehouse. */
async function fill({ merchant, channelId }: Market): Promise<string[]> {
  await merchant.post('/products', { sku: 'OWN-1', name: 'Own', fulfillmentType: 'in_house', suppliers: [] });
  const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };
  const unitPrice = { amount: 1_900, currency: 'USD' };
  return pooled(
    Array.from({ length: 120 }, (_, index) => index),
    4,
    async (index) => {
      const sku = index % 2 === 0 ? 'OWN-1' : 'SKU-1';
      const lines = ['1', '2'].map((remoteLineId) => ({ remoteLineId, sku, name: `Line ${remoteLineId}`, quantity: 2, unitPrice })); // prettier-ignore
      const name = `read-${index}`;
      const placed = { channelId, remoteId: name, number: name, placedAt: new Date().toISOString(), currency: 'USD' };
      const { id } = await merchant.post<{ id: string }>('/orders', { ...placed, shipTo, lines });
      const tracking = { carrier: 'ups', trackingNumber: `1Z${name}` };
      if (sku === 'OWN-1') await merchant.post(`/orders/${id}/shipments`, tracking);
      return id;
    },
  );
}

async function load(target: Target, key: string, least: { seconds: number; requests?: number }): Promise<number[]> {
  const pool = new Pool(target.origin, { connections, pipelining: 1 });
  const end = performance.now() + 1000 * least.seconds;
  const times: number[] = [];
  const headers = { authorization: `Bearer ${key}` };
  await pooled(Array.from({ length: connections }), connections, async () => {
    while (performance.now() < end || times.length < (least.requests ?? 0)) {
      const start = performance.now();
      const { statusCode, body } = await pool.request({ method: 'GET', path: target.path, headers });
      await body.arrayBuffer();
      if (statusCode !== 200) throw new Error(`${target.name} answers ${statusCode}.`);
      times.push(performance.now() - start);
    }
  });
  await pool.close();
  return times;
}

async function measure(target: Target, key: string, postgres: number | undefined): Promise<Figure> {
  const pids = { api: target.pid, postgres };
  const before = cpuSeconds(pids);
  let times: number[] = [];
  const took = await timed(async () => (times = await load(target, key, { seconds })));
  const used = difference(cpuSeconds(pids), before);
  return {
    rate: times.length / took,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    api: (1000 * used['api']!) / times.length,
    postgres: (1000 * used['postgres']!) / times.length,
  };
}

const middle = (figures: readonly Figure[], of: keyof Figure) => percentile(figures.map((figure) => figure[of]), 0.5); // prettier-ignore

/** Round by round, so that other work on the machine meets all of them. @returns the figures by target */
async function compare(targets: readonly Target[], key: string, postgres: number | undefined): Promise<void> {
  for (const target of targets) await load(target, key, warmUp);
  const figures = new Map<string, Figure[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) figures.get(target.name)!.push(await measure(target, key, postgres));
  }
  const own = figures.get(targets[0]!.name)!;
  for (const [name, all] of figures) {
    const at = (of: keyof Figure, digits: number) => middle(all, of).toFixed(digits);
    const ratios = all.map((figure, round) => own[round]!.rate / figure.rate);
    const cpu = (figure: Figure) => figure.api + figure.postgres;
    const cpuRatios = all.map((figure, round) => cpu(figure) / cpu(own[round]!));
    console.log(
      `${name.padEnd(28)} ${at('rate', 0).padStart(6)}/s  p50 ${at('p50', 1)} p95 ${at('p95', 1)} ms  ` +
        `CPU ${at('api', 2)} + postgres ${at('postgres', 2)} ms  ` +
        (name === targets[0]!.name ? '' : `ours: ${percentile(ratios, 0.5).toFixed(2)} of its rate, ${percentile(cpuRatios, 0.5).toFixed(2)} by CPU`), // prettier-ignore
    );
  }
}

const rawPort = await freePort();
process.env['RAW_READS_PORT'] = String(rawPort);
const service = await startService();
try {
  const market = await openMarket(service);
  const orders = await fill(market);
  await service.add('raw-reads', 'bench/raw-reads.ts');
  const raw = `http://127.0.0.1:${rawPort}`;
  const { pid } = await until(() => fetch(`${raw}/pid`).then((answer) => answer.json() as Promise<{ pid: number }>, () => null)); // prettier-ignore
  const both = (path: string, query: string): Target[] => [
    { name: 'ours', origin: service.url, path: `${path}${query}`, pid: service.pids.api },
    { name: 'raw, JSON read and written', origin: raw, path: `${path}${query}`, pid },
    { name: 'raw, JSON passed on', origin: raw, path: `${path}${query || '?'}&as=text`, pid },
  ];
  const { key } = market.merchant;
  console.log(`GET /v1/orders?limit=50, ${connections} connections (aim: 0.6 of raw)`);
  await compare(both('/v1/orders', '?limit=50'), key, service.pids.postgres);
  console.log(`GET /v1/orders/{id}, ${connections} connections`);
  await compare(both(`/v1/orders/${orders[0]!}`, ''), key, service.pids.postgres);
  console.log(`GET /v1/me, ${connections} connections: authentication and nothing else`);
  await compare([{ name: 'ours', origin: service.url, path: '/v1/me', pid: service.pids.api }], key, service.pids.postgres); // prettier-ignore
} finally {
  await service.stop();
}
