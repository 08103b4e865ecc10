'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { Client } = require('pg');

/** On the database once the shop is complete. A first boot that was ended half-way leaves none, and begins again. */
const mark = 'the seeded shop';

/** @param databaseUrl of a database that may not exist yet; the user may create databases */
function databaseOf(databaseUrl) {
  const name = new URL(databaseUrl).pathname.slice(1);
  return {
    /** Whether the shop is complete. A shop that is not is dropped, and its database made anew. */
    isComplete: () =>
      onServer(databaseUrl, async (client) => {
        const find = `SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1`;
        const { rows } = await client.query(find, [name]);
        if (rows[0]?.mark === mark) return true;
        await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
        return false;
      }),
    migrate: () => medusa(['db:migrate', '--execute-safe-links'], databaseUrl),
    markComplete: () =>
      onServer(databaseUrl, (client) =>
        client.query(`COMMENT ON DATABASE ${client.escapeIdentifier(name)} IS ${client.escapeLiteral(mark)}`),
      ),
  };
}

/** In the database that each server has. */
async function onServer(databaseUrl, work) {
  const address = new URL(databaseUrl);
  address.pathname = '/postgres';
  const client = new Client({ connectionString: address.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A process of its own: what a command loads does not fit beside the server. */
async function medusa(args, databaseUrl) {
  const cli = require.resolve('@medusajs/cli/cli.js');
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [cli, ...args], { cwd: __dirname, env, stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`medusa ${args[0]} ended with code ${code}; its output above says why.`);
}

module.exports = { databaseOf };
