import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, hashOf } from '../../../standalone/build/cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vp-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of two files. `between`: awaited when only the first is written. */
const twoFiles =
  (text: string, between: () => Promise<void> = () => Promise.resolve()) =>
  async (path: string) => {
    mkdirSync(path);
    writeFileSync(join(path, 'first'), text);
    await between();
    writeFileSync(join(path, 'second'), text);
  };
const filesOf = (path: string) => readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8'));

describe('an entry of the cache', () => {
  it('is made once for a key, and again for another key', async () => {
    const first = await cached({ folder, name: 'code', keyOf: () => 'a', make: twoFiles('a') });
    const again = await cached({
      folder,
      name: 'code',
      keyOf: () => 'a',
      make: () => Promise.reject(new Error('made twice')),
    });
    const other = await cached({ folder, name: 'code', keyOf: () => 'b', make: twoFiles('b') });

    expect(again).toBe(first);
    expect([filesOf(first), filesOf(other)]).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  it('is never seen half made, and two makers at once both get it whole', async () => {
    const path = join(folder, 'code-a');
    const seen: boolean[] = [];
    let meet: (() => void) | undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const between = async () => {
      seen.push(existsSync(path));
      if (seen.length === 2) meet?.();
      await met;
    };
    const make = () => cached({ folder, name: 'code', keyOf: () => 'a', make: twoFiles('whole', between) });

    expect(await Promise.all([make(), make()])).toEqual([path, path]);

    expect(seen).toEqual([false, false]);
    expect(filesOf(path)).toEqual(['whole', 'whole']);
    expect(readdirSync(folder)).toEqual(['code-a']);
  });

  it('that could not be made leaves nothing, and is made by the next start', async () => {
    const broken = twoFiles('half', () => Promise.reject(new Error('no space left')));

    await expect(cached({ folder, name: 'code', keyOf: () => 'a', make: broken })).rejects.toThrow('no space left');
    expect(readdirSync(folder)).toEqual([]);
    expect(filesOf(await cached({ folder, name: 'code', keyOf: () => 'a', make: twoFiles('whole') }))).toEqual([
      'whole',
      'whole',
    ]);
  });

  it('goes when it is old and others were used since; one of a running service and those of another name stay', async () => {
    const usedHoursAgo = async (name: string, key: string, hours: number) => {
      const path = await cached({ folder, name, keyOf: () => key, make: twoFiles(key) });
      const at = Date.now() / 1000 - hours * 3600;
      utimesSync(path, at, at);
    };
    await usedHoursAgo('workflows', 'old', 90);
    for (const hours of [9, 8, 7, 6, 5, 4, 3]) await usedHoursAgo('code', `${hours}h`, hours);
    for (const recent of ['v', 'w', 'x', 'y', 'z']) await usedHoursAgo('code', recent, 0.5);

    await cached({ folder, name: 'code', keyOf: () => 'new', make: twoFiles('new') });

    expect(readdirSync(folder).sort()).toEqual(
      ['new', 'v', 'w', 'x', 'y', 'z'].map((key) => `code-${key}`).concat('workflows-old'),
    );
  });

  it('that is used again counts as young', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const path = await cached({ folder, name: 'code', keyOf: () => key, make: twoFiles(key) });
      const at = Date.now() / 1000 - 7200 + key.charCodeAt(0);
      utimesSync(path, at, at);
    }
    await cached({ folder, name: 'code', keyOf: () => 'a', make: twoFiles('a') });

    await cached({ folder, name: 'code', keyOf: () => 'new', make: twoFiles('new') });

    expect(readdirSync(folder).sort()).toEqual(['a', 'd', 'e', 'f', 'new'].map((key) => `code-${key}`));
  });
});

describe('the hash of sources', () => {
  it('changes with a text, a name and a new file, and with nothing else', () => {
    mkdirSync(join(folder, 'room/shelf'), { recursive: true });
    writeFileSync(join(folder, 'room/shelf/one.ts'), 'one');
    writeFileSync(join(folder, 'lock.json'), '{}');
    const hash = () => hashOf(folder, ['room', 'lock.json']);
    const hashes = [hash()];
    const after = (change: () => void) => {
      change();
      hashes.push(hash());
    };

    after(() => utimesSync(join(folder, 'lock.json'), 1, 1));
    after(() => writeFileSync(join(folder, 'room/notes.md'), 'not a source'));
    expect(new Set(hashes).size).toBe(1);

    after(() => writeFileSync(join(folder, 'room/shelf/one.ts'), 'two'));
    after(() => writeFileSync(join(folder, 'room/two.ts'), ''));
    after(() => writeFileSync(join(folder, 'lock.json'), '{ }'));
    expect(new Set(hashes).size).toBe(4);
  });
});
