import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');
const promises = [...text.matchAll(/^\| (?!promise |-)(.+?) +\| (.+?) +\|$/gm)].map(([, promise, proof]) => ({
  promise: promise!,
  tests: [...proof!.matchAll(/`(tests\/[^`]+)`/g)].map((match) => match[1]!),
}));

describe('docs/guarantees.md', () => {
  it('names a test file for each promise', () => {
    expect(promises.length).toBeGreaterThan(20);
    expect(promises.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  it('names test files that exist', () => {
    const named = promises.flatMap(({ tests }) => tests);

    expect(named.filter((path) => !path.endsWith('.test.ts') || !existsSync(join(root, path)))).toEqual([]);
  });
});
