import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { rateParcel } from '../../activities/labels/rate.ts';
import { raiseAttention } from '../../db/attentions.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Workflows } from '../../temporal/client.ts';
import { DropshipClosed } from '../../temporal/errors.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';
import { diceOf } from '../support/models/dice.ts';
import { Known, operationsOf, Requests, type ApiDocument, type MadeRequest, type Operation } from '../support/models/requests.ts'; // prettier-ignore
import {
  anOrder,
  aPostedOrder,
  aTrade,
  imported,
  shipTo,
  type Handed,
  type OrderJson,
} from '../support/trade/api-orders.ts';
import { named, storePage } from '../support/trade/database-catalogue.ts';
import { labelDeps } from '../support/trade/label-trade.ts';
import { signedIn, type Browser } from '../support/trade/people.ts';

/** Requests of each operation. FUZZ_SEED repeats a run. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 6);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8')) as ApiDocument;

const causes: string[] = [];
const logger = pino({ level: 'error' }, { write: (line: string) => void causes.push(line) });
const closed = () => Promise.reject(new DropshipClosed());
const schedule = { task: 'import_orders' as const, interval: 'instant' as const, paused: false, nextRuns: [] };
const run = { task: 'import_orders', workflowId: 'import_orders/x', runId: 'run-1', startedAt: '2026-01-31T12:00:00.000Z', nextRunAt: null } as const; // prettier-ignore
/** No workflow runs: a message to a dropship finds it closed. */
const fakes: Partial<Workflows> = {
  findSchedule: async () => schedule,
  changeSchedule: async () => schedule,
  sync: async () => run,
  resolveAttention: async () => 'decided',
  makePackingSlip: () => Promise.reject(new DomainError('nothing_to_print', 'All lines are shipped.')),
  recordShipment: closed,
  requestCancel: closed,
  acceptCancel: closed,
  declineCancel: closed,
  acceptOrder: closed,
  rejectOrder: closed,
  splitOrder: closed,
  correctTracking: closed,
  voidShipment: closed,
  voidLabel: closed,
};
const api: TestApi = forTheFile(() =>
  openApi(
    (pool) => ({
      ...fakes,
      rateParcel: (input) => rateParcel(labelDeps(pool, { sealer: api.sealer }), input),
    }),
    { logger },
  ),
);

type World = { trade: Handed; person: Browser; known: Known };

/** Two companies with something in each list. */
async function aWorld(): Promise<World> {
  const trade = await aTrade(api);
  const { merchant, supplier, channelId } = trade;
  const callers = [await api.aKeyOf(merchant, ['admin']), await api.aKeyOf(supplier, ['admin'])];
  Object.assign(trade, { merchant: callers[0], supplier: callers[1] });
  const { accountId } = merchant;
  await storePage(api.pool, { accountId, channelId }, [named('remote-1', 'MUG'), named('remote-2', 'LAMP')]);
  const stored: OrderJson[] = [];
  for (const skus of [['MUG'], ['LAMP'], ['MUG', 'LAMP'], ['RUG'], ['LAMP'], ['MUG']])
    stored.push(await aPostedOrder(merchant, anOrder(channelId, skus)));
  for (const order of [stored[1]!, stored[4]!]) await imported(api, trade, order);
  await withAccount(
    api.pool,
    accountId,
    (db) =>
    raiseAttention(db, { orderId: stored[0]!.id, channelId, workflowId: 'push_shipment/1', step: 'push', code: 'channel_unauthorized' }), // prettier-ignore
  );
  await merchant.post(`/v1/orders/${stored[5]!.id}/shipments`, {
    carrier: 'ups',
    trackingNumber: '1Z999AA10123456784',
  });
  await merchant.post('/v1/label-accounts', { provider: 'test', name: 'Samples' });
  await merchant.post('/v1/warehouses', { name: 'Dock', address: { ...shipTo, country: 'US', postalCode: '12345' } });
  const person = await aPerson(trade);
  const lasting = [merchant.accountId, supplier.accountId, trade.connectionId];
  const known = new Known([...callers.map(({ keyId }) => keyId), ...lasting]);
  return { trade, person, known };
}

const aPerson = ({ merchant: { accountId } }: Handed) => signedIn(api, { memberships: [{ accountId, role: 'admin' }] });

/** Whoever may ask, and now and then somebody else. */
async function ask(world: World, { audience }: Operation, { number, ...request }: MadeRequest & { number: number }) {
  const { method, url, contentType, payload } = request;
  const { merchant, supplier } = world.trade;
  if (audience.includes('person') || (audience.includes('account') && number % 10 === 0)) {
    if (world.person.cookie === undefined) world.person = await aPerson(world.trade);
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const account = audience.includes('person') ? {} : { account: merchant.accountId };
    const answer = await world.person.ask(method, url, { headers, ...account, ...(payload !== undefined && { body: payload as never }) }); // prettier-ignore
    // Removed, or signed out by a change of the password.
    if (answer.statusCode === 401) world.person.cookie = undefined;
    return answer;
  }
  const companies: Caller[] = audience.includes('account') ? [merchant, supplier] : [];
  const callers = [...companies, ...(audience.includes('operator') || companies.length === 0 ? [api.operator] : [])];
  const { key } = number % 20 === 1 ? api.operator : callers[number % callers.length]!;
  return api.app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${key}`,
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(method === 'POST' && number % 7 !== 0 && { 'idempotency-key': `key-${number % 11 === 0 ? 1 : number}` }),
    },
    ...(payload !== undefined && { payload }),
  });
}

/** Why an answer is wrong; undefined where it is right. Its status, code and body are compared with the document meanwhile. */
function faultOf({ isWrong }: MadeRequest, answer: LightMyRequestResponse): string | undefined {
  if (answer.statusCode >= 500) return `${answer.statusCode} ${answer.body} ${causes.at(-1)}`;
  if (isWrong && answer.statusCode < 400) return `${answer.statusCode}, with a field that it does not know`;
  return undefined;
}

function learn(known: Known, answer: LightMyRequestResponse): void {
  if (answer.statusCode < 300 && String(answer.headers['content-type']).startsWith('application/json'))
    known.learn(answer.json());
}

it(`no request ends with a 5xx, nor with an answer that the document does not name (FUZZ_SEED=${seed})`, async () => {
  const world = await aWorld();
  const dice = diceOf(seed);
  const requests = new Requests(document, world.known, dice);
  const operations = operationsOf(document);
  for (const operation of operations.filter(({ method, path }) => method === 'GET' && !path.includes('{')))
    for (const number of [2, 3])
      learn(world.known, await ask(world, operation, { method: 'GET', url: operation.path, contentType: undefined, payload: undefined, isWrong: false, number })); // prettier-ignore
  const rounds = Array.from({ length: runs }, () => operations).flat();
  const faults: string[] = [];
  for (const [number, operation] of dice.some(rounds, rounds.length).entries()) {
    const request = requests.next(operation);
    const fault = await ask(world, operation, { ...request, number: number + 2 }).then(
      (answer) => {
        learn(world.known, answer);
        return faultOf(request, answer);
      },
      (error: unknown) => String(error),
    );
    if (fault) faults.push(`${operation.id}: ${request.method} ${request.url} ${String(request.payload).slice(0, 1_500)}\n  ${fault.slice(0, 1_500)}`); // prettier-ignore
  }

  expect(faults).toEqual([]);
}, 180_000);
