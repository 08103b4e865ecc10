'use strict';

Object.assign(process.env, { NODE_ENV: 'production', MEDUSA_DISABLE_TELEMETRY: 'true' });
process.env.LOG_LEVEL ??= 'error';

const net = require('node:net');

const admin = { email: 'admin@example.com', password: 'supersecret' };

async function main(env) {
  const port = readPort(env.PORT);
  if (!env.DATABASE_URL) throw new Refusal('Set DATABASE_URL to the database that the shop shall have.');
  await assertFree(port);
  const { databaseOf } = require('./database.js');
  const database = databaseOf(env.DATABASE_URL);
  const isComplete = await database.isComplete();
  if (!isComplete) await database.migrate();
  exitWithParent(env, await boot(port));
  const url = `http://127.0.0.1:${port}`;
  if (!isComplete) {
    await createAdmin();
    await fill(url, Number(env.BULK_PRODUCTS ?? 0));
    await database.markComplete();
  }
  await logIn(url);
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
}

function readPort(text) {
  if (/^\d+$/.test(text ?? '') && Number(text) > 0 && Number(text) < 65536) return Number(text);
  throw new Refusal('Set PORT to the port the shop shall listen on, for example PORT=3456.');
}

async function assertFree(port) {
  const probe = net.createServer();
  try {
    await new Promise((resolve, reject) => probe.once('error', reject).listen(port, '127.0.0.1', resolve));
  } catch (error) {
    throw new Refusal(`Port ${port} cannot be used (${error.code}): stop what listens there, or set PORT to another.`);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Medusa itself ends on SIGTERM and SIGINT. */
async function boot(port) {
  const { default: start } = require('@medusajs/medusa/commands/start');
  return start({ directory: __dirname, host: '127.0.0.1', port });
}

/** The first user cannot be invited by another. */
async function createAdmin() {
  const { container } = require('@medusajs/framework');
  const { Modules } = require('@medusajs/framework/utils');
  const [users, auth] = [container.resolve(Modules.USER), container.resolve(Modules.AUTH)];
  const user = await users.createUsers({ email: admin.email });
  const { authIdentity, error } = await auth.register('emailpass', { body: admin });
  if (!authIdentity) throw new Error(`The administrator could not be made: ${error}`);
  await auth.updateAuthIdentities({ id: authIdentity.id, app_metadata: { user_id: user.id } });
}

async function fill(url, bulk) {
  const { seed } = require('./seed.js');
  const headers = { authorization: `Bearer ${await logIn(url)}` };
  const post = (path, body) => call(`${url}${path}`, { body, headers });
  const get = (path) => call(`${url}${path}`, { headers });
  await seed({ post, get }, { bulk });
}

async function logIn(url) {
  const { token } = await call(`${url}/auth/user/emailpass`, { body: admin });
  return token;
}

async function call(address, { body, headers }) {
  const answer = await fetch(address, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${address} was answered with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** With EXIT_WITH_PARENT=1 the end of standard input is the end of the parent, however it came. */
function exitWithParent(env, { gracefulShutDown }) {
  if (env.EXIT_WITH_PARENT === '1') process.stdin.once('close', gracefulShutDown).resume();
}

/** A foreseen fault: its message is all there is to say. */
class Refusal extends Error {}

function fail(error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exit(1);
}

main(process.env).catch(fail);
