import type { Knex } from 'knex';

/** The two database roles that serve; the owner migrates. */
export type Roles = { appRole: string; systemRole: string };
export type Migration = { up(db: Knex, roles: Roles): Promise<void> };

export const currentAccount = `nullif(current_setting('app.account_id', true), '')`;
export const currentUser = `nullif(current_setting('app.user_id', true), '')`;

/**
 * Puts a table behind row-level security: the app role sees and writes the rows of the account that the transaction
 * was opened for, the system role reads the named columns of all rows.
 */
export async function secureTable(
  db: Knex,
  { appRole, systemRole }: Roles,
  table: { name: string; operations?: string; using?: string; systemColumns?: readonly string[] },
): Promise<void> {
  const { name, operations = 'select, insert, update, delete', systemColumns = [] } = table;
  const using = table.using ?? `account_id = ${currentAccount}`;
  await db.raw(`alter table ${name} enable row level security`);
  await db.raw(`alter table ${name} force row level security`);
  await db.raw(`create policy ${name}_account on ${name} to ?? using (${using}) with check (${using})`, [appRole]);
  await db.raw(`grant ${operations} on ${name} to ??`, [appRole]);
  if (systemColumns.length === 0) return;
  await db.raw(`create policy ${name}_system on ${name} for select to ?? using (true)`, [systemRole]);
  await db.raw(`grant select (${systemColumns.join(', ')}) on ${name} to ??`, [systemRole]);
}

/** A CHECK for a closed set, from the same array that types it. */
export const oneOf = (column: string, values: readonly string[]): string =>
  `check (${column} in (${values.map((value) => `'${value}'`).join(', ')}))`;
