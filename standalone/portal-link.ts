import { parseArgs } from 'node:util';
import { email } from '../api/schemas/session.ts';
import { ConfigError, loadStandaloneConfig, type StandaloneConfig } from '../config.ts';
import { DatabaseError } from '../db/engine/database-error.ts';
import { DomainError } from '../domain/errors.ts';
import { roles, type Role } from '../domain/people.ts';
import { databaseOf } from './database.ts';
import { isDisabledPerson, switchPerson, signInLinks, type Place } from './people.ts';
import { StartError } from './start-error.ts';

// `npm run portal:link -- <email> …` prints a link that signs in, or disables or enables the person.
const usage = `Usage: npm run portal:link -- <email> [--account <id> --role <role>] [--name "<name>"] [--staff | --no-staff]
       npm run portal:link -- <email> --disable | --enable`;

async function run(): Promise<string> {
  const { values, positionals } = readArguments();
  const given = email.safeParse(positionals[0]);
  if (positionals.length !== 1 || !given.success) throw new StartError(usage);
  const { disable, enable, ...more } = values;
  const place = placeOf(loadStandaloneConfig());
  if (!disable && !enable) return link(place, given.data, more);
  if ((disable && enable) || Object.keys(more).length > 0) throw new StartError(usage);
  const state = disable ? 'disabled' : 'enabled';
  if (!(await switchPerson(place, given.data, state)))
    throw new StartError(`There is no person with the e-mail ${given.data}.`);
  return `${given.data} is ${state}.`;
}

type Given = Omit<ReturnType<typeof readArguments>['values'], 'disable' | 'enable'>;

async function link(place: Place, address: string, given: Given): Promise<string> {
  const { account, role = 'admin', name = address.split('@')[0]!, staff, 'no-staff': noStaff } = given;
  if (staff && noStaff) throw new StartError(usage);
  if (given.role !== undefined && account === undefined) throw new StartError('--role needs --account.');
  if (!isRole(role)) throw new StartError(`--role must be one of ${roles.join(', ')}.`);
  if (await isDisabledPerson(place, address)) throw new StartError(`${address} is disabled. Use --enable first.`);
  const memberships = account === undefined ? [] : [{ accountId: account, role }];
  const change = staff || noStaff ? { staff: staff === true } : {};
  return (await signInLinks(place, { email: address, name, memberships, ...change }, [null]))[0]!;
}

function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    ...{ account: text, role: text, name: text },
    ...{ staff: flag, 'no-staff': flag, disable: flag, enable: flag },
  };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch {
    throw new StartError(usage);
  }
}

const isRole = (role: string): role is Role => (roles as readonly string[]).includes(role);

function placeOf(config: StandaloneConfig): Place {
  const { HOST, PORT } = config;
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  const portal = config.PUBLIC_URL ?? `http://${host}:${PORT}`;
  return { ...databaseOf(config), portal };
}

function explained(error: unknown): unknown {
  if (error instanceof StartError || error instanceof ConfigError || error instanceof DomainError) return error.message;
  if (error instanceof DatabaseError && error.isAway) return 'The database does not answer: run "npm start" first.';
  if (error instanceof DatabaseError && error.constraint === 'memberships_account_id_fkey')
    return 'There is no such account.';
  return error;
}

try {
  console.log(await run());
} catch (error) {
  console.error(explained(error));
  process.exitCode = 1;
}
