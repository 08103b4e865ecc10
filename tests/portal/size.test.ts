import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readyPortal } from '../../standalone/build/portal.ts';
import { progressTo } from '../../standalone/progress.ts';
import { root } from '../../standalone/root.ts';
import { firstBytes, portalFiles, type PortalFile } from '../support/portal/sizes.ts';

const kB = 1_000;
let files: PortalFile[];

beforeAll(async () => {
  const folder = await readyPortal(
    root,
    progressTo(() => undefined),
  );
  files = portalFiles(folder);
}, 120_000);

/** The budget of the portal: what a clerk waits for on a slow line. */
describe('the size of the portal', () => {
  it('is small for the queue', () => {
    expect(files.some(({ name, isFirst }) => isFirst && name.endsWith('.js'))).toBe(true);
    expect(firstBytes(files, '.js', 'gzip')).toBeLessThanOrEqual(190 * kB);
    expect(firstBytes(files, '.js', 'brotli')).toBeLessThanOrEqual(160 * kB);
  });

  it('is small in styles', () => {
    expect(firstBytes(files, '.css', 'gzip')).toBeLessThanOrEqual(8 * kB);
  });

  it('is small for each further screen, and for each further piece', () => {
    const screens = readdirSync(join(root, 'portal/src/screens'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.tsx'))
      .map((path) => basename(path, '.tsx'));
    // Pieces: what opens menus and dialogs, and a language, whole.
    const most = (name: string) => (screens.includes(name.replace(/-[\w-]{8}\.\w+$/, '')) ? 10 : 24) * kB;
    const large = files.filter(({ name, isFirst, gzip }) => !isFirst && gzip > most(name));

    // A screen is a file of its own where it is loaded when it is wanted.
    expect(files.filter(({ name }) => most(name) === 10 * kB).length).toBeGreaterThan(10);
    expect(large).toEqual([]);
  });
});
