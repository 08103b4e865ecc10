import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, loadStandaloneConfig, type StandaloneConfig } from '../config.ts';
import { DatabaseError } from '../db/engine/database-error.ts';
import { roles, type Role } from '../domain/people.ts';
import { signInLinks, type Place } from './people.ts';
import { urlOf, type Passwords } from './postgres/roles.ts';
import { StartError } from './start-error.ts';
import { readStored } from './stored.ts';

// `npm run portal:link -- <email> [--account <id> --role admin --name "…"] [--staff]` prints a link that signs in.
const usage = 'Usage: npm run portal:link -- <email> [--account <id> --role <role> --name "<name>"] [--staff]';

async function link(): Promise<string> {
  const { values, positionals } = readArguments();
  const [email] = positionals;
  if (positionals.length !== 1 || !email?.includes('@')) throw new StartError(usage);
  const role = values.role ?? 'admin';
  if (!isRole(role)) throw new StartError(`--role must be one of ${roles.join(', ')}.`);
  const memberships = values.account === undefined ? [] : [{ accountId: values.account, role }];
  const person = {
    email,
    name: values.name ?? email.split('@')[0]!,
    memberships,
    ...(values.staff && { staff: true }),
  };
  return (await signInLinks(placeOf(loadStandaloneConfig()), person, [null]))[0]!;
}

function readArguments() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      options: { account: text, role: text, name: text, staff: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch {
    throw new StartError(usage);
  }
}

const isRole = (role: string): role is Role => (roles as readonly string[]).includes(role);

/** The given database, or that of `npm start` in the data folder. */
function placeOf(config: StandaloneConfig): Place {
  const { DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl, HOST, PORT } = config;
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  const portal = config.PUBLIC_URL ?? `http://${host}:${PORT}`;
  if (appUrl !== undefined && systemUrl !== undefined) return { appUrl, systemUrl, portal };
  const path = join(resolve(config.DATA_DIR), 'postgres/server.json');
  const stored = readStored<{ port: number; passwords: Passwords }>(path);
  if (!stored) throw new StartError(`There is no database in ${config.DATA_DIR}: run "npm start" first.`);
  return { appUrl: urlOf(stored, 'vp_app'), systemUrl: urlOf(stored, 'vp_system'), portal };
}

function explained(error: unknown): unknown {
  if (error instanceof StartError || error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseError && error.isAway) return 'The database does not answer: run "npm start" first.';
  if (error instanceof DatabaseError && error.constraint === 'memberships_account_id_fkey')
    return 'There is no such account.';
  return error;
}

try {
  console.log(await link());
} catch (error) {
  console.error(explained(error));
  process.exitCode = 1;
}
