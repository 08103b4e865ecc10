import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { createPruneActivities } from '../../../activities/reconcile/prune.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { saveOrderDays } from '../../../db/erasure/old-orders.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import { findAnswer, storeAnswer } from '../../../db/engine/idempotency.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { pruneBatch } from '../../../db/pruning.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import {
  insertInboundWebhook,
  listOpenWebhooks,
  markWebhooksProcessed,
} from '../../../db/channels/inbound-webhooks.ts';
import { finishTask, insertTask, listTasks } from '../../../db/channels/tasks.ts';
import { noCounts, type TaskType } from '../../../domain/task.ts';
import { connectTemporal } from '../../../temporal/connection.ts';
import { createWorkers } from '../../../workers/create-workers.ts';
import { startReconcile } from '../../../workers/reconcile.ts';
import { queuesFor } from '../../../workflows/names.ts';
import { facts, ownNamespace } from '../../support/engine/facts.ts';
import { atTheEnd } from '../../support/engine/for-the-file.ts';
import { quietRuntime } from '../../support/engine/quiet-runtime.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor, type Merchant } from '../../support/trade/database-trade.ts';

const retention = { recordDays: 30, answerDays: 7, orderDays: null };
let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: Merchant, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
const sealer = createSealer(Buffer.alloc(32).toString('base64'));
const prune = () => createPruneActivities({ pool, retention, documents: inPostgres, sealer } as never).prune();

type Run = { runId: string; daysAgo: number; type?: TaskType; ended?: boolean };

async function aRun(
  merchant: Merchant,
  { runId, daysAgo, type = 'import_orders', ended = true }: Run,
): Promise<string> {
  return inside(merchant, async (db) => {
    const task = { channelId: merchant.channelId, type, trigger: 'schedule', workflowId: 'w', runId } as const;
    const id = await insertTask(db, task);
    if (ended) await finishTask(db, { id, counts: noCounts(), failures: [], cause: null, nextRunAt: null });
    await db('tasks')
      .where({ id })
      .update({ started_at: db.raw(`now() - make_interval(days => ?)`, [daysAgo]) });
    return id;
  });
}

const runsOf = async (merchant: Merchant) =>
  (await inside(merchant, (db) => listTasks(db, {}, { limit: 200 }))).data.map(({ runId }) => runId);

describe('the tasks of a channel', () => {
  it('go once they are older than the retention time', async () => {
    const merchant = await aMerchant(pool);
    for (const daysAgo of [90, 31, 29, 1]) await aRun(merchant, { runId: `run-${daysAgo}`, daysAgo });

    await prune();

    expect(await runsOf(merchant)).toEqual(['run-1', 'run-29']);
  });

  it('stay, however old, while they run', async () => {
    const merchant = await aMerchant(pool);
    await aRun(merchant, { runId: 'lost', daysAgo: 90 });
    await aRun(merchant, { runId: 'running', daysAgo: 60, ended: false });
    await aRun(merchant, { runId: 'other', daysAgo: 0, type: 'import_products' });

    await prune();

    expect(await runsOf(merchant)).toEqual(['other', 'running']);
  });

  it('stay as the last run of their kind on their channel', async () => {
    const merchant = await aMerchant(pool);
    await aRun(merchant, { runId: 'last but one', daysAgo: 400, type: 'cancel_orders' });
    await aRun(merchant, { runId: 'last', daysAgo: 300, type: 'cancel_orders' });
    await aRun(merchant, { runId: 'new', daysAgo: 0 });

    await prune();

    expect(await runsOf(merchant)).toEqual(['new', 'last']);
  });

  it('go in batches until none is left', async () => {
    const merchant = await aMerchant(pool);
    await aRun(merchant, { runId: 'new', daysAgo: 0 });
    await inside(merchant, (db) =>
      db.raw(
        `insert into tasks (account_id, id, channel_id, type, trigger, status, workflow_id, run_id, started_at)
         select :accountId, 'task_' || n, :channelId, 'import_orders', 'schedule', 'succeeded', 'w', 'run-' || n,
                now() - interval '40 days' - n * interval '1 minute' from generate_series(1, 2500) as n`,
        merchant,
      ),
    );

    expect(await prune()).toMatchObject({ pruned: 2_500 });

    expect(await runsOf(merchant)).toEqual(['new']);
    expect(await prune()).toMatchObject({ pruned: 0 });
  });
});

it('webhooks go once they are processed and old', async () => {
  const merchant = await aMerchant(pool);
  const { channelId } = merchant;
  const came = (deliveryId: string, daysAgo: number) =>
    inside(merchant, async (db) => {
      await insertInboundWebhook(db, { channelId, deliveryId, tasks: ['import_orders'], remoteOrderIds: [] });
      await db('inbound_webhooks')
        .where({ delivery_id: deliveryId })
        .update({ received_at: db.raw(`now() - make_interval(days => ?)`, [daysAgo]) });
    });
  await came('old', 31);
  await came('new', 29);
  const open = () => inside(merchant, (db) => listOpenWebhooks(db, { channelId, task: 'import_orders', limit: 10 }));
  const ids = (await open()).map(({ id }) => id);
  await inside(merchant, (db) => markWebhooksProcessed(db, ids));
  await came('old and open', 31);

  await prune();

  const left = await inside(merchant, (db) => db('inbound_webhooks').orderBy('delivery_id').pluck('delivery_id'));
  expect(left).toEqual(['new', 'old and open']);
});

it('an answer is replayed for as long as is promised, and no longer', async () => {
  const merchant = await aMerchant(pool);
  const answered = (key: string, daysAgo: number) =>
    inside(merchant, async (db) => {
      await storeAnswer(db, { key, fingerprint: 'f', status: 201, answer: { id: key } });
      await db('idempotency_keys')
        .where({ key })
        .update({ created_at: db.raw(`now() - make_interval(days => ?)`, [daysAgo]) });
    });
  await answered('old', 8);
  await answered('new', 6);

  await prune();

  const found = (key: string) => inside(merchant, (db) => findAnswer(db, key));
  expect(await found('old')).toBeUndefined();
  expect(await found('new')).toMatchObject({ answer: { id: 'new' } });
});

it('an answer that is stored anew under an old key, while another pass deletes the old one, stays', async () => {
  const merchant = await aMerchant(pool);
  const store = (db: AccountDb) => storeAnswer(db, { key: 'again', fingerprint: 'f', status: 201, answer: {} });
  await inside(merchant, async (db) => {
    await store(db);
    await db('idempotency_keys').update({ created_at: db.raw(`now() - interval '31 days'`) });
  });
  /** Between the look for old rows and their end. */
  const meanwhile = async (sql: string) => {
    if (!sql.startsWith('delete from idempotency_keys')) return;
    await inside(merchant, (db) => pruneBatch(db, { ...retention, limit: 10 }));
    await inside(merchant, store);
  };
  const slow = (db: AccountDb): AccountDb => {
    const raw = async (sql: string, values: never): Promise<unknown> => (await meanwhile(sql), db.raw(sql, values));
    return new Proxy(db, { get: (_, name): unknown => (name === 'raw' ? raw : Reflect.get(db, name)) });
  };

  await inside(merchant, (db) => pruneBatch(slow(db), { ...retention, limit: 10 }));

  expect(await inside(merchant, (db) => findAnswer(db, 'again'))).toBeDefined();
});

describe('the personal data of orders', () => {
  const placed = async (merchant: Merchant, daysAgo: number, status: 'cancelled' | 'awaiting_fulfillment') => {
    const placedAt = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    const order = anIncomingOrder([{ sku: await aSku(pool, merchant.accountId) }], { placedAt });
    const { orderId } = await storeOrderFor(pool, merchant, order);
    await inside(merchant, (db) => db('orders').where({ id: orderId }).update({ status }));
    return orderId;
  };
  const erase = (orderDays: number | null) =>
    createPruneActivities({
      pool,
      retention: { ...retention, orderDays },
      documents: inPostgres,
      sealer,
      crashPoint: () => undefined,
    } as never).prune();
  const left = (merchant: Merchant) =>
    inside(merchant, (db) => db('orders').whereNull('erased_at').orderBy('id').pluck<string[]>('id'));

  it('go once the order is closed and as old as the account says, else the installation', async () => {
    const [own, plain] = [await aMerchant(pool), await aMerchant(pool)];
    await inside(own, (db) => saveOrderDays(db, 60));
    const young = await placed(own, 59, 'cancelled');
    const open = await placed(own, 61, 'awaiting_fulfillment');
    await placed(own, 61, 'cancelled');
    const ofPlain = await placed(plain, 300, 'cancelled');

    expect(await erase(null)).toMatchObject({ erased: 1 });
    expect(await left(own)).toEqual([young, open].sort());
    expect(await left(plain)).toEqual([ofPlain]);

    expect(await erase(299)).toMatchObject({ erased: 1 });
    expect(await left(own)).toEqual([young, open].sort());
    expect(await left(plain)).toEqual([]);
    expect(await erase(299)).toMatchObject({ erased: 0 });
  });
});

/** A worker as it starts, with this activity alone. */
async function startWorker(): Promise<void> {
  const { temporal, workflowBundle } = facts();
  const namespace = ownNamespace();
  const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
  quietRuntime();
  const native = await NativeConnection.connect({ address: temporal.address });
  atTheEnd(() => native.close());
  const round = async () => ({ intervalMs: 60_000 });
  const activities = { prune, sweep: round, reconcileSchedules: round, eraseOrders: round } as never;
  const workers = await createWorkers(
    {
      connection: native,
      namespace,
      queues,
      activities,
      calls: { activities, slots: 2 },
      bundle: { codePath: workflowBundle },
      poolSize: 2,
      log: pino({ level: 'silent' }),
    },
    { shutdownGraceTime: 0, shutdownForceTime: '2s' },
  );
  const runs = workers.map((worker) => worker.run());
  atTheEnd(async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.allSettled(runs);
  });
  const { connection, close } = connectTemporal(temporal.address);
  atTheEnd(close);
  await startReconcile(new Client({ connection, namespace }), queues, 1_000);
}

it('a worker that starts prunes by itself', async () => {
  const merchant = await aMerchant(pool);
  for (const daysAgo of [31, 1]) await aRun(merchant, { runId: `run-${daysAgo}`, daysAgo });

  await startWorker();

  await waitUntil(async () => (await runsOf(merchant)).length === 1, { what: 'the old run to go' });
});
