'use strict';

process.env.VENDURE_DISABLE_TELEMETRY = 'true';

const net = require('node:net');
const path = require('node:path');
const { openDataDir } = require('./storage.js');

async function main(env) {
  const port = readPort(env.PORT);
  await assertFree(port);
  const dataDir = openDataDir(path.resolve(env.DATA_DIR ?? path.join(__dirname, 'data')));
  const app = await boot({ port, env, dataDir });
  exitCleanly(app, dataDir.storage, env);
  const url = `http://127.0.0.1:${port}`;
  await assertLogin(url, env);
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
}

function readPort(text) {
  if (/^\d+$/.test(text ?? '') && Number(text) > 0 && Number(text) < 65536) return Number(text);
  throw new Refusal('Set PORT to the port the shop shall listen on, for example PORT=3456.');
}

async function assertFree(port) {
  const probe = net.createServer();
  try {
    await new Promise((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    throw new Refusal(`Port ${port} cannot be used (${error.code}): stop what listens there, or set PORT to another.`);
  }
  await new Promise((resolve) => probe.close(resolve));
}

async function boot({ port, env, dataDir }) {
  // Loaded late: half of a boot is loading, and a taken port is told at once.
  const { JobQueueService, TransactionalConnection, bootstrap } = require('@vendure/core');
  const { populate } = require('@vendure/core/cli');
  const { initialData, shopConfig } = require('./config.js');
  const productsFile = path.resolve(env.PRODUCTS_FILE ?? path.join(__dirname, 'products.csv'));
  const start = async () => {
    const app = await bootstrap(shopConfig({ port, storage: dataDir.storage, env }));
    dataDir.storage.attach(app.get(TransactionalConnection).rawConnection);
    return app;
  };
  const app = dataDir.isPopulated ? await start() : await populate(start, initialData, productsFile);
  dataDir.storage.save();
  dataDir.markPopulated();
  await app.get(JobQueueService).start();
  return app;
}

async function assertLogin(url, env) {
  const username = env.SUPERADMIN_USERNAME ?? 'superadmin';
  const password = env.SUPERADMIN_PASSWORD ?? 'superadmin';
  const query =
    'mutation ($username: String!, $password: String!) { login(username: $username, password: $password) { __typename } }';
  const answer = await fetch(`${url}/admin-api`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query, variables: { username, password } }),
  });
  const { data } = await answer.json();
  if (data?.login.__typename !== 'CurrentUser') throw new Error(`No login is possible: ${data?.login.__typename}.`);
}

/** With EXIT_WITH_PARENT=1 the end of standard input is the end of the parent, however it came. */
function exitCleanly(app, storage, env) {
  const end = () => {
    const exit = () => {
      storage.close();
      process.exit(0);
    };
    // Requests under way get a second. Closing the application would only add the job queues' pauses.
    setTimeout(exit, 1000);
    app.getHttpServer().close(exit);
  };
  process.once('SIGTERM', end).once('SIGINT', end);
  if (env.EXIT_WITH_PARENT === '1') process.stdin.once('close', end).resume();
}

/** A foreseen fault: its message is all there is to say. */
class Refusal extends Error {}

function fail(error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exit(1);
}

main(process.env).catch(fail);
