import { statfsSync } from 'node:fs';

/** Below this a Postgres cannot write its next segments. */
const tightBytes = 100 * 1_048_576;

/** A sentence for whoever runs this, where the disk of a folder is full or nearly so; else ''. */
export function adviceOnRoom(folder: string, leftBytes = bytesLeft(folder)): string {
  if (leftBytes > tightBytes) return '';
  return `The disk of ${folder} has ${Math.floor(leftBytes / 1_048_576)} MB left. Make room there; nothing that was confirmed is lost.`;
}

function bytesLeft(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
