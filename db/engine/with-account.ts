import type { Duplex } from 'node:stream';
import type { Knex } from 'knex';
import type pg from 'pg';
import { toDatabaseError } from './database-error.ts';
import { requireDurability } from './durability.ts';
import { knexForOne, type Once } from './one-statement.ts';
import { isBusy, type Pool } from './pool.ts';
import { knexOn, rollBack } from './prepared-client.ts';
import { noteStorage } from './storage.ts';

declare const accountScoped: unique symbol;
declare const systemScoped: unique symbol;
declare const userScoped: unique symbol;

/** A transaction that sees one account's rows. Only the doors below make it, so the bare pool does not compile. */
export type AccountDb = Knex & {
  readonly [accountScoped]: true;
  readonly accountId: string;
  /** Given in `readOnce`. */
  readonly oneRead?: Once;
};

/** A transaction that sees the rows of one person: user, sessions, links, and the own memberships to read. */
export type UserDb = Knex & { readonly [userScoped]: true; readonly userId: string };

/** Reads the few columns that no account can read: key look-up, owners of rows, sweeps, lists. One statement each. */
export type SystemDb = Knex & { readonly [systemScoped]: true };

/**
 * Runs `work` in one transaction in which row-level security shows the rows of `accountId` and nothing else.
 * @throws DatabaseError without any row's values; whatever `work` throws
 */
export async function withAccount<T>(pool: Pool, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> {
  return inTransaction(pool, { setting: 'account_id', id: accountId }, (db) =>
    work(Object.assign(db, { accountId }) as AccountDb),
  );
}

/**
 * Runs `work` in one transaction in which row-level security shows the rows of one person and nothing else.
 * @throws DatabaseError without any row's values; whatever `work` throws
 */
export async function withUser<T>(pool: Pool, userId: string, work: (db: UserDb) => Promise<T>): Promise<T> {
  return inTransaction(pool, { setting: 'user_id', id: userId }, (db) => work(Object.assign(db, { userId }) as UserDb));
}

/** As `withAccount`, for work that only reads: Postgres refuses each write and each row lock in it. */
export async function readInAccount<T>(pool: Pool, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> {
  return inTransaction(pool, { setting: 'account_id', id: accountId, readOnly: true }, (db) =>
    work(Object.assign(db, { accountId }) as AccountDb),
  );
}

/**
 * As `readInAccount`, for work of one statement at most: the account goes with it, so that it takes one trip and holds its
 * link no longer. A second statement is refused: it would be another transaction.
 * @throws DatabaseError without any row's values; whatever `work` throws
 */
export async function readOnce<T>(pool: Pool, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> {
  const once: Once = { accountId, isSent: false, plansForValues: false };
  return translated(pool, async () => {
    try {
      return await work(Object.assign(knexForOne(pool.app, once), { accountId, oneRead: once }) as AccountDb);
    } finally {
      once.isSent = true;
    }
  });
}

async function inTransaction<T>(
  pool: Pool,
  { setting, id, readOnly = false }: { setting: 'account_id' | 'user_id'; id: string; readOnly?: boolean },
  work: (db: Knex) => Promise<T>,
): Promise<T> {
  return translated(pool, () =>
    onConnection(pool.app, async (connection) => {
      const begin = `begin${readOnly ? ' read only' : ''}; set local app.${setting} = ${connection.escapeLiteral(id)}`;
      holdBack(connection);
      const begun = connection.query(begin);
      // Sent ahead of the first statement and awaited before COMMIT; without it, no row is seen or written.
      begun.catch(() => undefined);
      const held = { connection, isOver: false };
      try {
        const result = await work(knexOn(pool.app, held));
        await begun;
        held.isOver = true;
        const { command } = await connection.query('commit');
        if (command !== 'COMMIT') throw new Error('A statement had failed: Postgres rolled the transaction back.');
        return result;
      } catch (error) {
        held.isOver = true;
        await rollBack(connection);
        throw error;
      }
    }),
  );
}

/** What is sent until the pending promises have run leaves in one packet: BEGIN and the first statement. */
function holdBack(connection: pg.Client): void {
  const { stream } = (connection as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function onConnection<T>(knex: Knex, work: (connection: pg.Client) => Promise<T>): Promise<T> {
  const client = knex.client as Knex.Client;
  const connection = (await client.acquireConnection()) as pg.Client;
  try {
    return await work(connection);
  } finally {
    await (client.releaseConnection(connection) as Promise<void>);
  }
}

/** Work that may fail without undoing the transaction around it. Its error is thrown on. */
export const inSavepoint = <T>(db: AccountDb, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  db.transaction((nested) => work(Object.assign(nested as Knex, { accountId: db.accountId }) as AccountDb));

/** The door to all accounts, read-only; tests list every use of it. */
export async function withSystem<T>(pool: Pool, work: (db: SystemDb) => Promise<T>): Promise<T> {
  return translated(pool, () => work(pool.system as SystemDb));
}

async function translated<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = toDatabaseError(thrown, isBusy(pool));
    noteStorage(pool, error);
    throw error;
  }
}

/** @throws DatabaseError when Postgres does not answer, or has another schema than this code. */
export async function requireSchema(pool: Pool, version: string): Promise<void> {
  const rows = await withSystem(pool, (db) => db('schema_migrations').where({ name: version }).select('name'));
  if (rows.length === 0) throw new Error(`The database does not have migration ${version}: run "npm run migrate".`);
}

/** @throws Error when a process would serve a database that row-level security, or its durability, does not guard. */
export async function requireSafety(pool: Pool): Promise<void> {
  await requireBoundRoles(pool);
  await requireDurability((sql) => pool.app.raw(sql));
}

async function requireBoundRoles(pool: Pool): Promise<void> {
  for (const db of [pool.app, pool.system]) {
    const { rows } = await db.raw<{ rows: { name: string; free: boolean; owner: boolean }[] }>(`
      select current_user as name, rolsuper or rolbypassrls as free,
             exists (select from pg_tables where tableowner = current_user and schemaname = 'public') as owner
      from pg_roles where rolname = current_user`);
    const role = rows[0]!;
    if (role.free || role.owner) {
      throw new Error(`Refusing to serve as "${role.name}": it is a superuser, owns the tables or may BYPASSRLS.`);
    }
  }
}
