import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const rooms = ['config.ts', 'domain', 'workflows', 'activities', 'temporal', 'workers', 'api', 'db', 'standalone'];
const files = execFileSync('git', ['ls-files', '-z', ...rooms], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path.endsWith('.ts') && existsSync(join(root, path)));
const importsOf = new Map(
  files.map((file) => {
    const named = [...readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+)'/g)];
    return [file, named.map(([, path]) => normalize(join(dirname(file), path!)))] as const;
  }),
);

/** Every file that a file imports, directly or through others. */
function reachedFrom(file: string): Set<string> {
  const reached = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const path of importsOf.get(next) ?? []) {
      if (reached.has(path)) continue;
      reached.add(path);
      open.push(path);
    }
  }
  return reached;
}

// A circle of types is a circle too: its files can be read and changed only together.
it('no file imports itself through others, types included', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => reachedFrom(file).has(file))).toEqual([]);
});
