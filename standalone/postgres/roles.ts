import pg from 'pg';
import { requireDurability } from '../../db/engine/durability.ts';

/** One password per role, made once and stored in the data folder. */
export interface Passwords {
  readonly postgres: string;
  readonly vp_owner: string;
  readonly vp_app: string;
  readonly vp_system: string;
}
type Role = keyof Passwords;

export const databaseName = 'vendor_portals';

const attributes: Record<Exclude<Role, 'postgres'>, string> = {
  // Migrates, and owns the tables. It may create databases, so that each test file gets its own clone.
  vp_owner: 'LOGIN BYPASSRLS CREATEDB NOSUPERUSER',
  vp_app: 'LOGIN NOBYPASSRLS NOCREATEDB NOSUPERUSER',
  vp_system: 'LOGIN NOBYPASSRLS NOCREATEDB NOSUPERUSER',
};

interface Address {
  readonly port: number;
  readonly passwords: Passwords;
}

export function urlOf({ port, passwords }: Address, role: Role, database = databaseName): string {
  return `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
}

/** Whether our own superuser gets an answer. Any fault means no. */
export async function answers(address: Address): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(address, 'postgres', 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined); // A server that ends meanwhile means no, too.
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Makes roles and database where missing. It runs at each start, since an earlier start may have been cut short.
 * @throws UnsafeDatabase where a server that is to be durable could lose what it has confirmed
 */
export async function ensureRoles(address: Address, { durable }: { durable: boolean }): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(address, 'postgres', 'postgres') });
  await client.connect();
  try {
    if (durable) await requireDurability((sql) => client.query(sql));
    const { rows: roles } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
    for (const [role, wanted] of Object.entries(attributes)) {
      const verb = roles.some(({ rolname }) => rolname === role) ? 'ALTER' : 'CREATE';
      await client.query(`${verb} ROLE ${role} ${wanted} PASSWORD '${address.passwords[role as Role]}'`);
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName} OWNER vp_owner`);
  } finally {
    await client.end();
  }
}
