import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { engineFolder, facts } from '../support/engine/facts.ts';

const root = resolve(import.meta.dirname, '../..');

it('npm run demo shows the way of an order, and numbers that agree at each stage', async () => {
  const { output, status } = await demo();

  expect({ status, output }).toMatchObject({ status: 0 });
  expect(output).toMatch(/done +the shop's order is Shipped, with 2 fulfillments/);
  expect(rowsOf(output)).toEqual([
    ['start', '– – –', '– – –', '100'],
    ['counted', '40 0 40 v1', '– – –', '100'],
    ['written back', '40 0 40 v1', '40 @1 0 40', '40'],
    ['bought 2', '40 0 40 v1', '40 @1 2 38', '38'],
    ['imported', '40 2 38 v2', '40 @1 2 38', '38'],
    ['written back', '40 2 38 v2', '38 @2 0 38', '38'],
    ['shipped', '38 0 38 v3', '38 @2 0 38', '38'],
    ['written back', '38 0 38 v3', '38 @3 0 38', '38'],
  ]);
}, 300_000);

async function demo(): Promise<{ output: string; status: number | null }> {
  const child = spawn(process.execPath, ['standalone/run.mjs', 'standalone/demo/demo.ts', '--once'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: engineFolder('demo'),
      TEMPORAL_CLI_PATH: facts().temporal.binary,
      ...{ PORT: '0', WORKER_PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0', SHOP_PORT: '0' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  await once(child, 'close');
  return { output, status: child.exitCode };
}

/** Stage, the supplier's numbers, the merchant's, the shop's. */
function rowsOf(output: string): string[][] {
  const table = output.slice(output.indexOf('The stock of')).split('\n');
  const number = String.raw`(\S+ +\S+ +\S+(?: v\d+)?) +(\S+(?: @\d+)? +\S+ +\S+) +(\d+)$`;
  const rows = table.map((line) => new RegExp(String.raw`^  (\w+(?: \w+)?) +${number}`).exec(line));
  return rows.flatMap((row) => (row ? [row.slice(1).map((cell) => cell.replaceAll(/ +/g, ' '))] : []));
}
