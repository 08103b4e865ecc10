import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readyPortal } from '../../standalone/build/portal.ts';
import { progressTo } from '../../standalone/progress.ts';
import { root } from '../../standalone/root.ts';

const kB = 1_000;
let assets: { name: string; content: Buffer }[];
let first: string[];

beforeAll(async () => {
  const folder = await readyPortal(
    root,
    progressTo(() => undefined),
  );
  assets = readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => ({ name, content: readFileSync(join(folder, 'assets', name)) }));
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  first = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => basename(path!));
}, 120_000);

const sizes = (names: (name: string) => boolean, compress: (content: Buffer) => Buffer) =>
  assets.filter(({ name }) => names(name)).reduce((sum, { content }) => sum + compress(content).length, 0);

/** The budget of the portal: what a clerk waits for on a slow line. */
describe('the size of the portal', () => {
  it('is small for the queue', () => {
    const isScript = (name: string) => first.includes(name) && name.endsWith('.js');

    expect(first.some((name) => name.endsWith('.js'))).toBe(true);
    expect(sizes(isScript, (content) => gzipSync(content, { level: 9 }))).toBeLessThanOrEqual(190 * kB);
    expect(sizes(isScript, brotliCompressSync)).toBeLessThanOrEqual(160 * kB);
  });

  it('is small in styles', () => {
    const isStyle = (name: string) => first.includes(name) && name.endsWith('.css');

    expect(sizes(isStyle, (content) => gzipSync(content, { level: 9 }))).toBeLessThanOrEqual(8 * kB);
  });

  it('is small for each further screen, and for each further piece', () => {
    const screens = readdirSync(join(root, 'portal/src/screens'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.tsx'))
      .map((path) => basename(path, '.tsx'));
    // Pieces: what opens menus and dialogs, and a language, whole.
    const most = (name: string) => (screens.includes(name.replace(/-[\w-]{8}\.\w+$/, '')) ? 10 : 24) * kB;
    const large = assets
      .filter(({ name }) => !first.includes(name))
      .map(({ name, content }) => ({ name, size: gzipSync(content, { level: 9 }).length }))
      .filter(({ name, size }) => size > most(name));

    // A screen is a file of its own where it is loaded when it is wanted.
    expect(assets.filter(({ name }) => most(name) === 10 * kB).length).toBeGreaterThan(10);
    expect(large).toEqual([]);
  });
});
