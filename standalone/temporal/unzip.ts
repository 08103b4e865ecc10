import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

/**
 * Extracts one file of a zip archive, so that the machine needs no unzip. Enough for Python wheels below 4 GB
 * (APPNOTE.TXT 4.3: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
 */
export async function unzipFile(archive: string, isWanted: (name: string) => boolean, target: string): Promise<void> {
  const entry = (await readDirectory(archive)).find(({ name }) => isWanted(name));
  if (entry === undefined) throw new Error(`${archive} does not hold the wanted file.`);
  if (entry.method !== 8) throw new Error(`${archive} is packed by a method we cannot read (${entry.method}).`);
  const start = await dataOffset(archive, entry.headerOffset);
  await pipeline(
    createReadStream(archive, { start, end: start + entry.compressedSize - 1 }),
    createInflateRaw(),
    createWriteStream(target, { mode: 0o755 }),
  );
}

async function readDirectory(archive: string): Promise<Entry[]> {
  const { size } = await stat(archive);
  const tail = await readAt(archive, Math.max(0, size - 66_000), Math.min(size, 66_000));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || tail.readUInt32LE(end) !== endOfDirectory) throw new Error(`${archive} is not a zip archive.`);
  const directory = await readAt(archive, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; at < directory.length && directory.readUInt32LE(at) === directoryEntry;) {
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressedSize: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** The local header repeats the name and has extra fields of its own length. */
async function dataOffset(archive: string, headerOffset: number): Promise<number> {
  const header = await readAt(archive, headerOffset, 30);
  return headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer;
  } finally {
    await file.close();
  }
}
