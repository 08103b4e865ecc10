import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(import.meta.dirname, '../../.ci/summary.mjs');

interface File {
  readonly name: string;
  readonly tests?: readonly string[];
}

/** What jest writes, as far as it is read. A file without tests is one that could not be loaded. */
function aResult(files: readonly File[]) {
  const all = files.flatMap(({ tests = [] }) => tests);
  const count = (status: string) => all.filter((test) => test === status).length;
  return {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    testResults: files.map(({ name, tests }) => ({
      name: join(process.cwd(), name),
      status: tests === undefined || tests.includes('failed') ? 'failed' : 'passed',
      assertionResults: (tests ?? []).map((status, index) => ({ status, fullName: `test ${index}` })),
    })),
  };
}

function summarize(files: readonly File[] | undefined, exitCode: number) {
  const path = join(mkdtempSync(join(tmpdir(), 'vp-ci-')), 'jest.json');
  if (files !== undefined) writeFileSync(path, JSON.stringify(aResult(files)));
  const { stdout, status } = spawnSync(process.execPath, [script, path, String(exitCode)], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  return { status, last: lines.at(-1), lines };
}

describe('the line that .ci/run ends with', () => {
  it('counts what passed', () => {
    const files = [{ name: 'a.test.ts', tests: ['passed', 'passed'] }];

    expect(summarize(files, 0)).toMatchObject({ status: 0, last: '2 passed, 0 failed' });
  });

  it('counts and names what failed', () => {
    const { status, last, lines } = summarize([{ name: 'a.test.ts', tests: ['passed', 'failed'] }], 1);

    expect({ status, last }).toEqual({ status: 1, last: '1 passed, 1 failed' });
    expect(lines).toContain('FAILED a.test.ts › test 1');
  });

  it('counts a file that could not be loaded as a failure', () => {
    const { status, last, lines } = summarize([{ name: 'a.test.ts', tests: ['passed'] }, { name: 'b.test.ts' }], 1);

    expect({ status, last }).toEqual({ status: 1, last: '1 passed, 1 failed' });
    expect(lines).toContain('FAILED b.test.ts could not run');
  });

  it('says how many were skipped', () => {
    const files = [{ name: 'a.test.ts', tests: ['passed', 'pending', 'todo'] }];

    expect(summarize(files, 0)).toMatchObject({ status: 0, last: '1 passed, 0 failed, 2 skipped' });
  });

  it.each([
    { when: 'nothing ran', files: [], exitCode: 0, last: '0 passed, 0 failed' },
    {
      when: 'all were skipped',
      files: [{ name: 'a', tests: ['pending'] }],
      exitCode: 0,
      last: '0 passed, 0 failed, 1 skipped',
    },
    { when: 'a gate before the tests failed', files: undefined, exitCode: 1, last: '0 passed, 1 failed' },
    {
      when: 'npm test failed otherwise',
      files: [{ name: 'a', tests: ['passed'] }],
      exitCode: 1,
      last: '1 passed, 0 failed',
    },
  ])('is no success when $when', ({ files, exitCode, last }) => {
    expect(summarize(files, exitCode)).toMatchObject({ status: 1, last });
  });
});
