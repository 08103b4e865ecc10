import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');
const rows = text.split('\n').filter((line) => /^\| (?!-)/.test(line) && !/^\|.* proof +\|$/.test(line));
const testsOf = (row: string): string[] => [...row.matchAll(/`(tests\/[^`]+)`/g)].map((match) => match[1]!);
/** A promise without a test says in its state why. */
const saysWhy = (row: string) => /\| (not built|not proven|measured, not tested)\b/.test(row);

describe('docs/guarantees.md', () => {
  it('names a test file for each promise', () => {
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.filter((row) => testsOf(row).length === 0 && !saysWhy(row))).toEqual([]);
  });

  it('names test files that exist', () => {
    const named = rows.flatMap(testsOf);

    expect(named.filter((path) => !path.endsWith('.test.ts') || !existsSync(join(root, path)))).toEqual([]);
  });
});
