import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

// `npm run prove -- [runs, 400] [seed]`: the same test as in the suite, longer. It prints its verdict at the end.

const [runs = '400', seed] = process.argv.slice(2);
const root = resolve(import.meta.dirname, '../../..');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', 'tests/e2e/prove.test.ts', '--maxWorkers', '1'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PROVE_RUNS: runs, ...(seed !== undefined && { LIFE_SEED: seed }) },
  },
);
process.exit(status ?? 1);
