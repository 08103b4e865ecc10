import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** What api and worker had Postgres do since its start. `singles`: statements of the system role, each on its own. */
export type Work = { transactions: number; singles: number; statements: number; kinds: Record<string, number> };

/** The names of Postgres' roles for our two doors. */
const systemRole = 'vp_system';
const roles = ['vp_app', systemRole];

/** The first that fits a statement. */
const kinds = [
  ['of transactions', /^(begin|start transaction|commit|rollback|savepoint|release|set |select set_config)/],
  ['select', /^select/],
  ['insert', /^insert/],
  ['update', /^update/],
  ['delete', /^delete/],
  ['with', /^with/],
] as const;

export type Watch = Awaited<ReturnType<typeof openWatch>>;

/**
 * Looks at the tables by a connection of its own, so that waiting for orders costs the service nothing. Its process is
 * a child of Postgres, which `cpuSeconds` leaves out by `pid`; its statements are of another role than the counted ones.
 */
export async function openWatch({ superuserUrl, ownerUrl }: { superuserUrl: string | undefined; ownerUrl: string }) {
  const url = new URL(superuserUrl ?? ownerUrl);
  url.pathname = new URL(ownerUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const rows = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(sql, [...values])).rows;
  const [{ pid } = { pid: 0 }] = await rows<{ pid: number }>('select pg_backend_pid() as pid');
  const isCounting = superuserUrl !== undefined && (await loadsStatements(rows));
  if (isCounting) await client.query('create extension if not exists pg_stat_statements');
  return {
    pid,
    rows,
    /** Waits until a query's only figure has reached `wanted`. */
    async reached(wanted: number, sql: string, values: readonly unknown[]): Promise<void> {
      const deadline = performance.now() + 180_000;
      for (;;) {
        const [row = {}] = await rows<Record<string, unknown>>(sql, values);
        const [figure] = Object.values(row).map(Number);
        if (figure === wanted) return;
        if (performance.now() > deadline) throw new Error(`${figure} instead of ${wanted} after three minutes: ${sql}`);
        await delay(100);
      }
    },
    /** What the tables and their indexes take. */
    tableBytes: async (): Promise<number> => {
      const size = `select sum(pg_total_relation_size(oid)) as size from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
      return Number((await rows<{ size: string }>(size))[0]?.size ?? 0);
    },
    /** Undefined where pg_stat_statements is not loaded. */
    work: async (): Promise<Work | undefined> => (isCounting ? countWork(rows) : undefined),
    stop: () => client.end(),
  };
}

type Rows = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

const loadsStatements = async (rows: Rows): Promise<boolean> =>
  (await rows<{ shared_preload_libraries: string }>('show shared_preload_libraries'))[0]?.shared_preload_libraries ===
  'pg_stat_statements';

async function countWork(rows: Rows): Promise<Work> {
  const counted = await rows<{ role: string; query: string; calls: string }>(
    `select r.rolname as role, ltrim(lower(s.query)) as query, s.calls
     from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = any($1)`,
    [roles],
  );
  const work: Work = { transactions: 0, singles: 0, statements: 0, kinds: {} };
  for (const { role, query, calls } of counted) {
    const kind = kinds.find(([, pattern]) => pattern.test(query))?.[0] ?? 'other';
    work.statements += Number(calls);
    work.kinds[kind] = (work.kinds[kind] ?? 0) + Number(calls);
    // The door to one account always begins a transaction, the one to all accounts never does.
    if (/^(begin|start transaction)/.test(query)) work.transactions += Number(calls);
    if (role === systemRole) work.singles += Number(calls);
  }
  return work;
}

/** The work between two looks. */
export function workBetween(after: Work | undefined, before: Work | undefined): Work | undefined {
  if (after === undefined || before === undefined) return undefined;
  const names = Object.keys(after.kinds);
  return {
    transactions: after.transactions - before.transactions,
    singles: after.singles - before.singles,
    statements: after.statements - before.statements,
    kinds: Object.fromEntries(names.map((name) => [name, after.kinds[name]! - (before.kinds[name] ?? 0)])),
  };
}
