import { WorkflowNotFoundError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import { listConnectionsToSetUp, listConnectionsToWithdraw } from '../../db/accounts/connections.ts';
import { listChannelsToSchedule } from '../../db/channels/channels.ts';
import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { readInAccount, withSystem, type AccountDb } from '../../db/engine/with-account.ts';
import { requireLabelStart } from '../../db/labels/labels.ts';
import { listOpenWork, type OpenWork } from '../../db/open-work.ts';
import { listAccountIds } from '../../db/pruning.ts';
import { requirePushStart } from '../../db/shipments/push-starts.ts';
import {
  channelSetUp,
  connectionEnd,
  connectionSetUp,
  dropshipStart,
  labelStart,
  printJobStart,
  pushStart,
} from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { endsOf } from '../owners.ts';

type Tools = Pick<Deps, 'pool' | 'client' | 'queues'>;
type Start = WorkflowStartOptions & { workflowId: string };
type Open = { type: string; start: Start };

/** Ids of workflows. `missing`: open rows that no workflow ran for. `ended`: workflows without an open row. */
export type Rebuilt = { rebuilt: number; missing: string[]; ended: string[] };

const types: Readonly<Record<keyof OpenWork, string>> = {
  dropships: 'dropship',
  pushes: 'pushShipment',
  labels: 'label',
  printJobs: 'printJob',
};
const accountsAtOnce = 200;

/**
 * Makes Temporal agree with Postgres, after the two were restored to different moments: each workflow of an open row begins
 * anew and reads what has happened to it from the rows; each other one ends. Workers stand still meanwhile. Idempotent.
 */
export async function rebuildFromRows(tools: Tools): Promise<Rebuilt> {
  const running = await runningIds(tools);
  const open = new Map<string, Open>();
  for (const accountId of await allAccounts(tools))
    for (const one of await openIn(tools, accountId)) open.set(one.start.workflowId, one);
  for (const one of await openSetUps(tools)) open.set(one.start.workflowId, one);
  const ended = [...running].filter((id) => !open.has(id));
  await eachOf(ended, (id) => end(tools.client, id));
  await eachOf([...open.values()], (one) => beginAnew(tools.client, one));
  const missing = [...open.keys()].filter((id) => !running.has(id));
  return { rebuilt: open.size, missing: missing.sort(), ended: ended.sort() };
}

async function runningIds({ client, queues }: Tools): Promise<Set<string>> {
  const names = Object.values(types).map((type) => `'${type}'`);
  const query = `WorkflowType in (${names.join()}) and ExecutionStatus = 'Running' and TaskQueue in ('${queues.dropships}', '${queues.tasks}', '${queues.documents}')`;
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1_000 })) ids.add(workflowId);
  return ids;
}

async function allAccounts({ pool }: Tools): Promise<string[]> {
  const all: string[] = [];
  for (let page: string[] = ['']; page.length > 0;) {
    const after = page.at(-1)!;
    page = await withSystem(pool, (db) => listAccountIds(db, { after, limit: accountsAtOnce }));
    all.push(...page);
  }
  return all;
}

async function openIn({ pool, queues }: Tools, accountId: string): Promise<Open[]> {
  const work = await readInAccount(pool, accountId, listOpenWork);
  const inAccount = <T>(read: (db: AccountDb) => Promise<T>) => readInAccount(pool, accountId, read);
  const open: Open[] = work.printJobs.map((id) => ({ type: types.printJobs, start: printJobStart(id, queues) }));
  for (const id of work.pushes)
    open.push({ type: types.pushes, start: pushStart(await inAccount((db) => requirePushStart(db, id)), queues) });
  for (const id of work.labels)
    open.push({ type: types.labels, start: labelStart(await inAccount((db) => requireLabelStart(db, id)), queues) });
  for (const id of work.dropships) {
    // An account's open work names dropships that it received as well, whose rows are the merchant's.
    const { merchantId } = await endsOf(pool, id);
    const [start] = await readInAccount(pool, merchantId, (db) => listDropshipStarts(db, [id]));
    open.push({ type: types.dropships, start: dropshipStart(start!, queues) });
  }
  return open;
}

/** What the sweep starts once, and takes for done where Temporal remembers that it ran. */
async function openSetUps({ pool, queues }: Tools): Promise<Open[]> {
  const all = { seconds: 0, limit: 100_000 };
  const [connections, channels, ended] = [
    await withSystem(pool, (db) => listConnectionsToSetUp(db, all)),
    await withSystem(pool, (db) => listChannelsToSchedule(db, all)),
    await withSystem(pool, (db) => listConnectionsToWithdraw(db, all.limit)),
  ];
  return [
    ...connections.map((id) => ({ type: 'setUpConnection', start: connectionSetUp(id, queues) })),
    ...channels.map((id) => ({ type: 'setUpChannel', start: channelSetUp(id, queues) })),
    ...ended.map((id) => ({ type: 'endConnection', start: connectionEnd(id, queues) })),
  ];
}

/** In place of the run there is, if there is one: what it knows may be older or newer than the rows. */
const beginAnew = ({ workflow }: Client, { type, start }: Open) =>
  workflow.start(type, {
    ...start,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });

async function end({ workflow }: Client, workflowId: string): Promise<void> {
  try {
    await workflow.getHandle(workflowId).terminate('its row is gone or done in the restored database');
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
