/** A database that we do not write to, since it could lose what it has confirmed. Shown without a stack. */
export class UnsafeDatabase extends Error {}

/** Of a knex, or of a client of pg. */
type Query = (sql: string) => PromiseLike<unknown>;

const consequence: Readonly<Record<string, string>> = {
  fsync: 'a power failure would destroy the database',
  full_page_writes: 'a power failure would leave torn pages',
  synchronous_commit: 'a crash of Postgres would lose orders that it has confirmed',
};

/**
 * Asks for the settings of this very session: each may be set for a server, a database or a role.
 * @throws UnsafeDatabase where a confirmed write could be lost
 */
export async function requireDurability(query: Query): Promise<void> {
  const answer = await query(`
    select pg_is_in_recovery() as "isReplica",
           array(select name from pg_settings
                 where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name) as off`);
  const { isReplica, off } = (answer as { rows: { isReplica: boolean; off: string[] }[] }).rows[0]!;
  if (isReplica)
    throw new UnsafeDatabase(
      'Refusing this Postgres: it is a replica. Give the address of the primary, or promote it.',
    );
  if (off.length === 0) return;
  const faults = off.map((name) => `${name} is off (${consequence[name]})`).join(', ');
  throw new UnsafeDatabase(
    `Refusing this Postgres: ${faults}. Turn it on: "ALTER SYSTEM SET ${off[0]} = on", and reload.`,
  );
}
