import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StandaloneConfig } from '../config.ts';
import { openInstallation } from '../db/accounts/installation.ts';
import { createSealer, derivePepper, type Sealer } from '../db/engine/sealing.ts';
import { onDatabase } from './database.ts';
import { writePrivate } from './stored.ts';

export interface Keys {
  readonly operatorKey: string;
  /** The first seals, the others only open. Without them the channels' credentials are lost. */
  readonly encryptionKeys: readonly string[];
}

type Given = Pick<StandaloneConfig, 'DATA_DIR' | 'OPERATOR_KEY' | 'ENCRYPTION_KEY' | 'OTHER_ENCRYPTION_KEYS'>;

export const newEncryptionKey = (): string => randomBytes(32).toString('base64');

/** The keys of the environment, or else those of the data folder, which are made at the first start. */
export function readOrMakeKeys(config: Given): Keys {
  const dataDir = resolve(config.DATA_DIR);
  const makeOperatorKey = () => `vp_op_${randomBytes(24).toString('base64url')}`;
  const given = config.ENCRYPTION_KEY;
  return {
    operatorKey: config.OPERATOR_KEY ?? readOrMake(operatorFile(dataDir), makeOperatorKey),
    encryptionKeys: unique([
      ...(given === undefined ? linesOf(readOrMake(encryptionFile(dataDir), newEncryptionKey)) : [given]),
      ...config.OTHER_ENCRYPTION_KEYS,
    ]),
  };
}

/**
 * Writes the keys that are used into the files of the data folder, so that the files are right whoever gave the keys. A key that
 * was in the file stays in it as one that only opens: it is removed by hand, or by `npm run keys -- forget`.
 */
export function noteKeys(dataDir: string, { operatorKey, encryptionKeys }: Keys): void {
  if (readFile(operatorFile(dataDir)) !== operatorKey) writePrivate(operatorFile(dataDir), `${operatorKey}\n`);
  const before = linesOf(readFile(encryptionFile(dataDir)) ?? '');
  const now = unique([...encryptionKeys, ...before]);
  if (now.join() !== before.join()) writeEncryptionKeys(dataDir, now);
}

/** One key a line: the first seals. */
export const writeEncryptionKeys = (dataDir: string, keys: readonly string[]): void =>
  writePrivate(encryptionFile(dataDir), `${keys.join('\n')}\n`);

export const sealerOf = ({ encryptionKeys: [newest, ...others] }: Keys): Sealer => createSealer(newest!, others);

/** Before anything starts: a wrong key would only be found by the first call to a shop. @throws WrongEncryptionKey */
export async function requireRightKeys(urls: { appUrl: string; systemUrl: string }, keys: Keys): Promise<void> {
  await onDatabase(urls, (pool) => openInstallation(pool, sealerOf(keys), derivePepper(keys.encryptionKeys[0]!)));
}

const operatorFile = (dataDir: string) => join(dataDir, 'operator-key');
const encryptionFile = (dataDir: string) => join(dataDir, 'encryption-key');
const unique = (keys: readonly string[]): string[] => [...new Set(keys)];

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function readOrMake(path: string, make: () => string): string {
  const stored = readFile(path);
  if (stored !== undefined) return stored;
  const made = make();
  writePrivate(path, `${made}\n`);
  return made;
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
