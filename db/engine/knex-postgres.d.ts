/** The two classes of knex that prepared-client.ts extends; knex has no types for them. */
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';
  import type pg from 'pg';

  export interface Statement {
    readonly sql: string;
    readonly bindings?: readonly unknown[];
    response?: unknown;
  }
  export default class PostgresClient extends Knex.Client {
    _query(connection: pg.Client, statement: Statement): Promise<Statement>;
    positionBindings(sql: string): string;
    parameter(value: unknown, builder: unknown, bindingsHolder: unknown): string;
  }
}

declare module 'knex/lib/dialects/postgres/query/pg-querycompiler.js' {
  import type PostgresClient from 'knex/lib/dialects/postgres/index.js';

  export interface WhereIn {
    readonly column: unknown;
    readonly value: unknown;
    readonly not?: boolean;
  }
  export default class PostgresCompiler {
    constructor(client: unknown, builder: unknown, bindings: unknown);
    readonly client: PostgresClient;
    readonly builder: unknown;
    readonly bindingsHolder: unknown;
    whereIn(where: WhereIn): string;
    _columnClause(where: WhereIn): string;
  }
}
