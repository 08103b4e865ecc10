import { resolve } from 'node:path';
import { ConfigError, loadStandaloneConfig, type StandaloneConfig } from '../config.ts';
import { countSealed, resealAll } from '../db/accounts/sealed-rows.ts';
import { DatabaseError } from '../db/engine/database-error.ts';
import { keyIdOf } from '../db/engine/sealing.ts';
import { databaseOf, onDatabase } from './database.ts';
import { newEncryptionKey, readOrMakeKeys, sealerOf, writeEncryptionKeys, type Keys } from './keys.ts';
import { StartError } from './start-error.ts';

const usage = `Usage: npm run keys -- status    the ids of the encryption keys, and how many values each has sealed
       npm run keys -- rotate    put a new key first in the file of "npm start"
       npm run keys -- reseal    seal every value with the newest key, while all goes on
       npm run keys -- forget    remove the keys that seal nothing any more from the file of "npm start"`;

const commands: Readonly<Record<string, (config: StandaloneConfig, keys: Keys) => Promise<string>>> = {
  status,
  rotate: async (config, keys) => {
    requireFile(config);
    const made = newEncryptionKey();
    writeEncryptionKeys(resolve(config.DATA_DIR), [made, ...keys.encryptionKeys]);
    return `The new key is ${keyIdOf(made)}. Stop "npm start" and start it again: it seals with the new key, and seals the rest anew.`;
  },
  reseal: async (config, keys) => {
    const count = await onDatabase(databaseOf(config), (pool) => resealAll(pool, sealerOf(keys)));
    return `${count} values are sealed anew.\n${await status(config, keys)}`;
  },
  forget: async (config, keys) => {
    requireFile(config);
    const counts = await sealedBy(config);
    const [newest, ...others] = keys.encryptionKeys;
    const needed = others.filter((key) => counts.has(keyIdOf(key)));
    writeEncryptionKeys(resolve(config.DATA_DIR), [newest!, ...needed]);
    return `${others.length - needed.length} keys are removed.\n${await status(config, { ...keys, encryptionKeys: [newest!, ...needed] })}`;
  },
};

async function status(config: StandaloneConfig, { encryptionKeys }: Keys): Promise<string> {
  const counts = await sealedBy(config);
  const known = encryptionKeys.map((key, index) => {
    const use = index === 0 ? 'seals and opens' : 'only opens';
    return `${keyIdOf(key)}  ${use}, ${counts.get(keyIdOf(key)) ?? 0} values`;
  });
  const ids = new Set(encryptionKeys.map(keyIdOf));
  const unknown = [...counts].filter(([id]) => !ids.has(id));
  return [...known, ...unknown.map(([id, count]) => `${id}  is not given, ${count} values`)].join('\n');
}

const sealedBy = (config: StandaloneConfig): Promise<Map<string, number>> =>
  onDatabase(databaseOf(config), countSealed);

function requireFile({ ENCRYPTION_KEY }: StandaloneConfig): void {
  if (ENCRYPTION_KEY !== undefined)
    throw new StartError('The keys are given by the environment: change them there. See docs/operations.md.');
}

async function run(): Promise<string> {
  const command = process.argv.length === 3 ? commands[process.argv[2]!] : undefined;
  if (!command) throw new StartError(usage);
  const config = loadStandaloneConfig();
  return command(config, readOrMakeKeys(config));
}

try {
  console.log(await run());
} catch (error) {
  const isForPeople = error instanceof StartError || error instanceof ConfigError;
  const isAway = error instanceof DatabaseError && error.isAway;
  console.error(isAway ? 'The database does not answer: run "npm start" first.' : isForPeople ? error.message : error);
  process.exitCode = 1;
}
