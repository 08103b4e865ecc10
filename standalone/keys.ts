import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './stored.ts';

interface Keys {
  readonly operatorKey: string;
  readonly encryptionKey: string;
}

/** The keys in the data folder, made at the first start. Without the encryption key the channels' credentials are lost. */
export function readOrMakeKeys(dataDir: string): Keys {
  return {
    operatorKey: readOrMake(join(dataDir, 'operator-key'), () => `vp_op_${randomBytes(24).toString('base64url')}`),
    encryptionKey: readOrMake(join(dataDir, 'encryption-key'), () => randomBytes(32).toString('base64')),
  };
}

function readOrMake(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = make();
  writePrivate(path, `${made}\n`);
  return made;
}
