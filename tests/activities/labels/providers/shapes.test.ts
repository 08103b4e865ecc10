import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Shippo } from 'shippo';
import { forTheFile } from '../../../support/engine/for-the-file.ts';
import { startEasyPostServer, startShippoServer } from '../../../support/fakes/label-servers.ts';
import { oddPostalCodes } from '../../../support/fakes/labels/simulator.ts';
import { toShipment as toEasyPostShipment } from '../../../../activities/labels/providers/easypost/wire.ts';
import { toShipment as toShippoShipment } from '../../../../activities/labels/providers/shippo/wire.ts';
import { aRating, customer } from './harness.ts';

type Shapes = { statuses: Record<string, number[]>; fields: Record<string, Record<string, string>> };
const shapesOf = (kind: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../fixtures/labels/${kind}-shapes.json`), 'utf8')) as Shapes;

/** Each field of an answer with its type: `rates[].rate: string`. */
function fieldsOf(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  into.set(`${path === '' ? '.' : path}: ${type}`, type);
  if (Array.isArray(value)) for (const item of value) fieldsOf(item, `${path}[]`, into);
  else if (value !== null && typeof value === 'object')
    for (const [name, item] of Object.entries(value)) fieldsOf(item, path === '' ? name : `${path}.${name}`, into);
  return into;
}

/** What comes back as it was sent, so that it says nothing of the provider. */
const isEcho = (path: string): boolean => /^(from_address|to_address|options)\./.test(path);

/** Fields of an answer that the recordings do not have, or not with this type. */
function strangeIn(answer: unknown, recorded: Record<string, string>, besides: readonly string[] = []): string[] {
  return [...fieldsOf(answer).keys()].filter((field) => {
    const [path = '', type = ''] = field.split(': ');
    return !besides.includes(path) && !isEcho(path) && !(recorded[path] ?? '').split(' ').includes(type);
  });
}

describe('the simulator of EasyPost', () => {
  const server = forTheFile(startEasyPostServer);
  const { statuses, fields } = shapesOf('easypost');
  const call = async (method: string, path: string, body?: unknown) => {
    const authorization = `Basic ${Buffer.from(`${server.apiKey}:`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/v2/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as { id: string; rates: { id: string }[] } };
  };

  it('answers with the statuses and fields of the recordings', async () => {
    const created = await call('POST', 'shipments', { shipment: toEasyPostShipment(aRating()) });
    const path = `shipments/${created.body.id}`;
    const bought = await call('POST', `${path}/buy`, { rate: { id: created.body.rates[0]!.id } });
    const retrieved = await call('GET', path);
    const refunded = await call('POST', `${path}/refund`);
    const again = await call('POST', `${path}/buy`, { rate: { id: created.body.rates[0]!.id } });
    const [absent, accounts] = [await call('GET', 'shipments/shp_absent'), await call('GET', 'carrier_accounts')];

    const answers = { create: created, buy: bought, retrieve: retrieved, refund: refunded, carrierAccounts: accounts };
    for (const [name, { status }] of Object.entries(answers)) expect([name, statuses[name]]).toEqual([name, [status]]);
    for (const { status } of [again, absent]) expect(statuses['refusal']).toContain(status);
    const { carrierAccounts: _, ...shipments } = answers;
    for (const [name, { body }] of Object.entries(shipments))
      expect([name, strangeIn(body, fields['shipment']!)]).toEqual([name, []]);
    for (const { body } of [again, absent]) expect(strangeIn(body, fields['refusal']!)).toEqual([]);
    expect(strangeIn(accounts.body, fields['carrierAccounts']!)).toEqual([]);
  });

  it('says why a carrier has no rate as in the recordings', async () => {
    const to = { ...customer, postalCode: oddPostalCodes.noService };
    const { body } = await call('POST', 'shipments', { shipment: toEasyPostShipment(aRating({ to })) });

    expect(strangeIn(body, fields['shipment']!)).toEqual([]);
    expect(body).toMatchObject({ rates: [], messages: [{ type: 'rate_error' }] });
  });
});

describe('the simulator of Shippo', () => {
  const server = forTheFile(startShippoServer);
  const { statuses, fields } = shapesOf('shippo');
  /** Not in the recordings of 2017; in the version of 2018 that the client asks for. */
  const newer = ['estimated_days', 'rates[].estimated_days', 'messages'];
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `ShippoToken ${server.apiKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as { object_id: string; rate: string } };
  };

  it('answers what Shippo’s own client accepts', async () => {
    const client = new Shippo({ apiKeyHeader: server.apiKey, serverURL: server.url, shippoApiVersion: '2018-02-08' });

    const shipment = await client.shipments.create(toShippoShipment(aRating()));
    const [rate] = shipment.rates;
    const transaction = await client.transactions.create({ rate: rate!.objectId, metadata: 'lbl_1', async: false });
    const read = [
      await client.rates.get(rate!.objectId),
      await client.transactions.list({ rate: rate!.objectId }),
      await client.transactions.get(transaction.objectId!),
      await client.refunds.create({ transaction: transaction.objectId!, async: false }),
      await client.carrierAccounts.list({}),
    ];

    expect(transaction).toMatchObject({ status: 'SUCCESS', metadata: 'lbl_1' });
    expect(read).toHaveLength(5);
  });

  it('answers with the statuses and fields of the recordings', async () => {
    const client = new Shippo({ apiKeyHeader: server.apiKey, serverURL: server.url });
    const { rates } = await client.shipments.create(toShippoShipment(aRating()));
    const rateId = rates[0]!.objectId;
    const transaction = await call('POST', 'transactions', { rate: rateId, metadata: 'lbl_2', async: false });
    const refusal = await call('POST', 'transactions', {});
    const got = await call('GET', `transactions/${transaction.body.object_id}`);
    const [list, rate] = [await call('GET', `transactions?rate=${rateId}`), await call('GET', `rates/${rateId}`)];

    const answers = { createTransaction: transaction, getTransaction: got, listTransactions: list, getRate: rate };
    for (const [name, { status }] of Object.entries(answers)) expect([name, statuses[name]]).toEqual([name, [status]]);
    expect(statuses['refusal']).toContain(refusal.status);
    expect(strangeIn(transaction.body, fields['transaction']!)).toEqual([]);
    expect(strangeIn(got.body, fields['transaction']!)).toEqual([]);
    expect(strangeIn(rate.body, fields['rate']!, newer)).toEqual([]);
    expect(strangeIn(refusal.body, fields['refusal']!)).toEqual([]);
    expect(statuses['createShipment']).toEqual([201]);
  });
});
