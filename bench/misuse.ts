import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openMarket } from './market.ts';
import { percentile } from './measure.ts';
import { startService } from './service.ts';

/**
 * Measures how one account's reads wait while another account misuses the API: p95 idle and beside each neighbour, in one
 * run (the aim: at most twice). The neighbours run in a process of their own (bench/misuser.ts).
 */
const seconds = Number(process.argv[2] ?? 8);
const connections = 2;

// The limits as an installation has them, and not those of the other benchmarks.
for (const name of ['READS', 'COMMANDS', 'ADDRESS']) process.env[`RATE_LIMIT_${name}`] ??= '';
let refused = 0;
const service = await startService();
try {
  const { merchant, supplier } = await openMarket(service);
  const victim = new Pool(service.url, { connections, pipelining: 1 });
  await reads(3);
  const idle = await reads(seconds);
  report('idle', idle);
  for (const kind of [
    'wide JSON',
    'wide JSON in a batch',
    'batches at the limit',
    'half-sent bodies',
    'one key, 2,000 reads a second',
  ]) {
    const neighbour = fork(join(import.meta.dirname, 'misuser.ts'), [service.url, supplier.key, kind], { execArgv: ['--import', 'tsx'] }); // prettier-ignore
    await once(neighbour, 'message');
    report(kind, await reads(seconds));
    neighbour.send('stop');
    const [answers] = (await once(neighbour, 'message')) as [Record<string, number>];
    console.log(`  its answers: ${JSON.stringify(answers)}`);
    await once(neighbour, 'exit');
    // What it has left behind is no part of the next one.
    await reads(3);
  }
  await victim.close();

  /** @returns milliseconds of each read. They come one by one on each connection, with a pause as people make it. */
  async function reads(forSeconds: number): Promise<number[]> {
    const end = performance.now() + 1000 * forSeconds;
    const times: number[] = [];
    refused = 0;
    const read = async () => {
      while (performance.now() < end) {
        const start = performance.now();
        const headers = { authorization: `Bearer ${merchant.key}` };
        const { statusCode, body } = await victim.request({ method: 'GET', path: '/v1/products?limit=20', headers });
        await body.arrayBuffer();
        if (statusCode === 200) times.push(performance.now() - start);
        else refused += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await Promise.all(Array.from({ length: connections }, read));
    return times;
  }

  function report(name: string, times: readonly number[]): void {
    const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
    const ratio = p95 / percentile(idle, 0.95);
    console.log(
      `${name.padEnd(32)} p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms  ${ratio.toFixed(1)} of idle` +
        (refused > 0 ? `  ${refused} of the reads refused` : ''),
    );
  }
} finally {
  await service.stop();
}
