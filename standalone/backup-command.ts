import { resolve } from 'node:path';
import { ConfigError, loadStandaloneConfig, type StandaloneConfig } from '../config.ts';
import { WrongEncryptionKey } from '../db/accounts/installation.ts';
import { DatabaseError } from '../db/engine/database-error.ts';
import { backUp } from './backup/backup.ts';
import { describe, putBack, rebuildWorkflows } from './backup/restore.ts';
import { databaseOf } from './database.ts';
import { startEngine } from './engine.ts';
import { progressTo } from './progress.ts';
import { StartError } from './start-error.ts';

const usage = `Usage: npm run backup -- <new folder>    copy Postgres and Temporal of "npm start", while it runs or stands still
       npm run restore -- <folder>       put the copy in the place of the data, and make the two agree
       npm run restored                  only make the two agree, of servers that you have restored by their own tools`;

const commands: Readonly<Record<string, (config: StandaloneConfig, folder: string | undefined) => Promise<string>>> = {
  backup: async (config, folder) => {
    requireOwnServers(config);
    const { at } = await backUp(resolve(config.DATA_DIR), resolve(required(folder)));
    return (
      `${folder} has Temporal of ${at.temporal} and Postgres of ${at.postgres}.\n` +
      `The keys are not in it: store ${resolve(config.DATA_DIR)}/encryption-key elsewhere. Without it the copy opens nothing.`
    );
  },
  restore: async (config, folder) => {
    requireOwnServers(config);
    const progress = progressTo((line) => console.error(line));
    const { at } = await putBack(resolve(config.DATA_DIR), resolve(required(folder)), progress.note);
    const engine = await startEngine(config, progress);
    try {
      const { DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl, TEMPORAL_ADDRESS } = engine.environment;
      const place = { appUrl: appUrl!, systemUrl: systemUrl!, temporalAddress: TEMPORAL_ADDRESS! };
      const rebuilt = await rebuildWorkflows(place, config);
      return `The data is of ${at.postgres} again.\n${describe(rebuilt)}\nGo on with "npm start".`;
    } finally {
      await engine.stop();
    }
  },
  restored: async (config, folder) => {
    if (folder !== undefined || config.TEMPORAL_ADDRESS === undefined) throw new StartError(usage);
    return describe(
      await rebuildWorkflows({ ...databaseOf(config), temporalAddress: config.TEMPORAL_ADDRESS }, config),
    );
  },
};

function required(folder: string | undefined): string {
  if (folder === undefined) throw new StartError(usage);
  return folder;
}

function requireOwnServers({ DATABASE_URL, TEMPORAL_ADDRESS }: StandaloneConfig): void {
  if (DATABASE_URL === undefined && TEMPORAL_ADDRESS === undefined) return;
  throw new StartError(
    'The servers are given by the environment: copy and restore them by their own tools, then "npm run restored". See docs/operations.md.',
  );
}

async function run(): Promise<string> {
  const [name = '', folder, ...more] = process.argv.slice(2);
  const command = more.length === 0 ? commands[name] : undefined;
  if (!command) throw new StartError(usage);
  return command(loadStandaloneConfig(), folder);
}

try {
  console.log(await run());
} catch (error) {
  const isForPeople = [StartError, ConfigError, WrongEncryptionKey].some((kind) => error instanceof kind);
  const isAway = error instanceof DatabaseError && error.isAway;
  console.error(isAway ? 'The database does not answer.' : isForPeople ? (error as Error).message : error);
  process.exitCode = 1;
}
