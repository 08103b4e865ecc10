import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { channelKinds, isShopKind } from '../../domain/channel.ts';

const root = join(import.meta.dirname, '../..');
const rooms = ['domain', 'workflows', 'activities', 'db', 'temporal', 'workers', 'api', 'portal/src'];
const shopKinds = channelKinds.filter(isShopKind);
const comparison = new RegExp(
  String.raw`\bkind\s*[!=]==\s*'(${shopKinds.join('|')})'|\bcase '(${shopKinds.join('|')})'`,
  'g',
);

/** A new kind has a folder and its lines in the registries: no other code asks which kind a channel is. */
it('no code compares the kind of a channel with a kind of shop', () => {
  const files = execFileSync('git', ['ls-files', ...rooms], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => /\.tsx?$/.test(file) && existsSync(join(root, file)));

  const found = files.flatMap((file) =>
    (readFileSync(join(root, file), 'utf8').match(comparison) ?? []).map((text) => `${file}: ${text}`),
  );

  expect(files.length).toBeGreaterThan(200);
  expect(found).toEqual([]);
});
