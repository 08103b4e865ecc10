import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../support/engine/facts.ts';

let bundle: string;
beforeAll(() => {
  bundle = readFileSync(facts().workflowBundle, 'utf8');
});

/** Modules as the bundler names them, by the package they are of. */
const isInside = (name: string) => new RegExp(`node_modules/${name}/`).test(bundle);

describe('the bundle of the workflows', () => {
  it('is below 2 MB: every workflow evaluates it', () => {
    expect(Buffer.byteLength(bundle)).toBeLessThan(2_000_000);
  });

  it('has the packages of Temporal, so that the names below would be seen', () => {
    expect(['@temporalio/workflow', '@temporalio/common'].map(isInside)).toEqual([true, true]);
  });

  it.each(['zod', 'pg', 'knex', 'fastify', 'pino', 'undici', '@temporalio/client', '@temporalio/worker', 'protobufjs'])(
    'has nothing of %s',
    (name) => {
      expect(isInside(name)).toBe(false);
    },
  );

  it.each(['carriers', 'carrier-table', 'tracking-cell'])(
    'has not the table %s, which costs milliseconds each time',
    (name) => {
      expect(bundle.includes('./domain/shipments/shipment.ts')).toBe(true);
      expect(bundle.includes(`./domain/shipments/${name}.ts`)).toBe(false);
    },
  );

  it.each(['db', 'activities', 'api', 'workers', 'standalone'])('has no module of %s/', (room) => {
    expect(bundle.includes('./domain/orders/order.ts')).toBe(true);
    expect(bundle.includes(`"./${room}/`)).toBe(false);
  });

  it.each(['dropship', 'importOrders', 'pushShipment', 'reconcile', 'setUpConnection', 'resumeChannel'])(
    'has the workflow %s',
    (name) => {
      expect(bundle).toContain(`function ${name}(`);
    },
  );
});
