import pg from 'pg';
import { openTrade, readPages, writeBack, type Trade } from './inventory-market.ts';
import { changeStock, countDifferences, seedProducts, checkpoint, writeSetWise } from './inventory-seed.ts';
import { cpuSeconds, difference, percentile, residentMb, watchMemory } from './measure.ts';
import { startService, timed, type Service } from './service.ts';

/**
 * Measures write-back to a portal by Sync: listings per second, compared with the same changes of rows in one statement
 * of a role without row-level security in the same run; the cost of a listing as the catalogue grows; the Needs Sync
 * page; the worker's memory. At each size a fifth of the products has changed. The figures are of one machine in one run:
 * read the ratios.
 */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 500_000];
const share = 0.2;
const rounds = 3;
const pages = 200;

type Bench = Trade & { service: Service; db: pg.Client };
/** Seconds. `cpu`: by process. `bareCpu`: of Postgres for the one statement. */
type Round = {
  changed: number;
  ours: number;
  bare: number;
  cpu: Record<string, number>;
  bareCpu: number;
  peakMb: number;
};
/** Medians per listing, in milliseconds of wall or processor time. `ours`: without the time of an empty run. */
type Cost = { changed: number; ours: number; bare: number; cpu: Record<string, number>; bareCpu: number; emptyMs: number; peakMb: number }; // prettier-ignore

async function playRound({ service, db, ...trade }: Bench): Promise<Round> {
  const { market } = trade;
  const changed = await prepare({ service, db, ...trade });
  const [before, memory] = [cpuSeconds(service.pids), watchMemory(service.pids.worker)];
  const ours = await writeBack(trade, changed);
  const cpu = difference(cpuSeconds(service.pids), before);
  const peakMb = memory.stop();
  await assertWritten({ service, db, ...trade });

  await prepare({ service, db, ...trade });
  const idle = cpuSeconds(service.pids);
  const bare = await timed(() => writeSetWise(db, market));
  const bareCpu = difference(cpuSeconds(service.pids), idle)['postgres']!;
  await assertWritten({ service, db, ...trade });
  return { changed, ours, bare, cpu, bareCpu, peakMb };
}

/** Both start in the same state: vacuumed and right after a checkpoint, as when an hour is between two runs. */
async function prepare({ service, db, market }: Bench): Promise<number> {
  const changed = await changeStock(db, market, { share });
  await checkpoint(db, service.superuserUrl);
  return changed;
}

/** @throws Error when the merchant's units differ from the supplier's */
async function assertWritten({ db, market }: Bench): Promise<void> {
  const differences = await countDifferences(db, market);
  if (differences > 0) throw new Error(`${differences} products differ after a write-back.`);
}

async function measureSize(bench: Bench): Promise<Cost> {
  const empty = [await writeBack(bench, 0), await writeBack(bench, 0), await writeBack(bench, 0)];
  const played: Round[] = [];
  for (let round = 0; round < rounds; round += 1) played.push(await playRound(bench));
  const { changed } = played[0]!;
  const emptyMs = 1000 * median(empty);
  const each = (seconds: (round: Round) => number) => (1000 * median(played.map(seconds))) / changed;
  return {
    changed,
    ours: each((round) => round.ours) - emptyMs / changed,
    bare: each((round) => round.bare),
    cpu: Object.fromEntries(Object.keys(bench.service.pids).map((name) => [name, each((round) => round.cpu[name]!)])),
    bareCpu: each((round) => round.bareCpu),
    emptyMs,
    peakMb: Math.max(...played.map((round) => round.peakMb)),
  };
}

const median = (values: readonly number[]) => percentile(values, 0.5);

function describe(listings: number, cost: Cost, smallest: Cost): string {
  const { changed, ours, bare, cpu, bareCpu, emptyMs, peakMb } = cost;
  const whole = ours + emptyMs / changed;
  const spent = Object.entries(cpu).map(([name, ms]) => `${name} ${ms.toFixed(3)}`);
  return [
    `${listings} listings, ${changed} changed: ${(1000 / whole).toFixed(0)}/s; as one statement ${(1000 / bare).toFixed(0)}/s; ratio ${(bare / whole).toFixed(2)} (aim 0.5)`,
    `  a listing: ${ours.toFixed(3)} ms, ${(ours / smallest.ours).toFixed(2)} of what it is at the smallest size (aim 1.3); as one statement ${(bare / smallest.bare).toFixed(2)} of it`,
    `  processor ms a listing: ${spent.join(', ')}; as one statement postgres ${bareCpu.toFixed(3)}`,
    `  a run with nothing to do: ${emptyMs.toFixed(0)} ms; the worker's memory: at most ${peakMb.toFixed(0)} MB`,
  ].join('\n');
}

async function describePages({ service, db, ...trade }: Bench, listings: number): Promise<string[]> {
  const lines: string[] = [];
  for (const part of [0, 0.001, share]) {
    const waiting = part === 0 ? 0 : await changeStock(db, trade.market, { share: part });
    await checkpoint(db, service.superuserUrl);
    const spent = await readPages(trade, pages);
    const [half, most] = [0.5, 0.95].map((share) => percentile(spent, share).toFixed(1));
    lines.push(`Needs Sync page, ${waiting} of ${listings} waiting: p50 ${half} ms, p95 ${most} ms`);
    await writeSetWise(db, trade.market);
  }
  return lines;
}

const service = await startService();
const db = new pg.Client({ connectionString: service.ownerUrl });
try {
  await db.connect();
  const bench = { ...(await openTrade(service)), service, db };
  console.log(`the worker's memory, idle: ${residentMb(service.pids.worker).toFixed(0)} MB`);
  let made = 0;
  let smallest: Cost | undefined;
  for (const listings of sizes) {
    const seconds = await timed(() => seedProducts(db, bench.market, { from: made + 1, to: listings }));
    console.error(`${listings - made} products made in ${seconds.toFixed(0)} s`);
    made = listings;
    // Warms up: the first run of a new process is not measured.
    if (smallest === undefined) await writeBack(bench, await prepare(bench));
    const cost = await measureSize(bench);
    smallest ??= cost;
    console.log(describe(listings, cost, smallest));
  }
  for (const line of await describePages(bench, made)) console.log(line);
} finally {
  await db.end();
  await service.stop();
}
