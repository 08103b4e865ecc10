import { randomBytes } from 'node:crypto';
import { buildApp, type App } from '../../api/app.ts';
import type { Workflows } from '../../api/temporal.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { createSealer, derivePepper } from '../../db/sealing.ts';
import { cloneDatabase, type ClonedDatabase } from '../support/database.ts';

export const operatorKey = 'operator-key-for-these-tests';

/** A fake of Temporal that keeps a ledger of what it was asked. */
export type Ledger = { call: string; args: unknown[] }[];

function fakeWorkflows(ledger: Ledger): Workflows {
  const note =
    (call: string) =>
    async (...args: unknown[]): Promise<void> => {
      ledger.push({ call, args });
    };
  return new Proxy({} as Workflows, {
    get: (_target, call: string) => {
      if (call === 'isReachable') return async () => true;
      if (call === 'checkChannel') return async () => ({ missing: [], unproven: [], locations: [] });
      return note(call);
    },
  });
}

export type TestApi = { app: App; pool: Pool; ledger: Ledger; database: ClonedDatabase; close(): Promise<void> };

export async function openApi(): Promise<TestApi> {
  const database = await cloneDatabase();
  const pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 8 });
  const encryptionKey = randomBytes(32).toString('base64');
  const ledger: Ledger = [];
  const app = await buildApp({
    pool,
    workflows: fakeWorkflows(ledger),
    sealer: createSealer(encryptionKey),
    keyPepper: derivePepper(encryptionKey),
    operatorKey,
    allowedPrivateHosts: ['127.0.0.1:3999'],
  });
  return {
    app,
    pool,
    ledger,
    database,
    close: async () => {
      await app.close();
      await pool.destroy();
      await database.drop();
    },
  };
}
