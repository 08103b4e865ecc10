import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { storeAnswer } from '../../../db/engine/idempotency.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { Workflows } from '../../../temporal/client.ts';
import { anOrder, aPostedOrder, aTrade, imported, recordsShipments } from '../../support/trade/api-orders.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

type Record = Workflows['recordShipment'];

let api: TestApi;
let supplier: Caller;
let orderId: string;
/** Does the effect in the supplier's rows. */
let record: Record;
/** What Temporal does instead. */
let instead: Record | undefined;

beforeAll(async () => {
  api = await openApi((pool) => {
    record = recordsShipments(() => supplier.accountId)(pool).recordShipment!;
    return { recordShipment: (...args) => (instead ?? record)(...args) };
  });
});
afterAll(() => api.close());

beforeEach(async () => {
  instead = undefined;
  const trade = await aTrade(api);
  const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
  supplier = trade.supplier;
  orderId = await imported(api, trade, leaf);
});

const ship = (trackingNumber: string) =>
  supplier.post(`/v1/orders/${orderId}/shipments`, { carrier: 'ups', trackingNumber }, { 'idempotency-key': orderId });
const refuse = () => {
  throw new DomainError('quantity_exceeds_open', 'Nothing is left.');
};

describe('a command to an order that a dropship’s workflow does', () => {
  it('gets the answer of the same request that was done meanwhile', async () => {
    instead = async (...args) => {
      await record(...args);
      return refuse();
    };

    const answer = await ship('T-1');

    expect(answer.statusCode).toBe(201);
    expect(answer.headers['idempotency-replayed']).toBe('true');
    expect(answer.json()).toMatchObject({ orderId, trackingNumber: 'T-1' });
  });

  it.each([
    ['was done', false],
    ['was refused', true],
  ])('is refused when another body took its key meanwhile, though its message %s', async (_name, isRefused) => {
    instead = async (...args) => {
      const { key } = args[1].key!;
      const other = { key, fingerprint: 'another', status: 201, answer: {} };
      await withAccount(api.pool, supplier.accountId, (db) => storeAnswer(db, other));
      const { key: _key, ...input } = args[1];
      return isRefused ? refuse() : record(args[0], input, args[2]);
    };

    const answer = await ship('T-1');

    expect(answer.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('looks at the order once more when the dropship ended meanwhile', async () => {
    instead = () => {
      instead = undefined;
      throw new DomainError('dropship_not_open', 'The dropship has ended.');
    };

    const answer = await ship('T-1');

    expect(answer.statusCode).toBe(201);
  });

  it('says so when the dropship stays away', async () => {
    const before = api.ledger.length;
    instead = () => {
      throw new DomainError('dropship_not_open', 'The dropship has ended.');
    };

    const answer = await ship('T-1');

    expect(answer.json()).toMatchObject({ status: 409, code: 'dropship_not_open' });
    expect(api.ledger.length - before).toBe(2);
  });
});
