import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { createChannelActivities } from '../../activities/channel-check.ts';
import type { Deps } from '../../activities/deps.ts';
import { createGate } from '../../activities/gate.ts';
import { changeChannel, insertChannel } from '../../db/channels/channels.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { anAccount } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
onDatabase(2, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));
const locations = [
  { id: '1', name: 'Own warehouse' },
  { id: '2', name: 'Suppliers' },
];

const answers = {
  globalSettings: { globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } } },
  stockLocations: { stockLocations: { items: locations } },
};

/** A Vendure shop with two stock locations. */
const fetch = async (_url: unknown, init?: { body?: unknown }) => {
  const { query } = JSON.parse(String(init?.body)) as { query: string };
  const known = (Object.keys(answers) as (keyof typeof answers)[]).find((name) => query.includes(name));
  return Response.json({ data: known ? answers[known] : {} });
};

it('the check says that no stock is written to a shop with several locations until one is chosen', async () => {
  const accountId = await anAccount(pool);
  const settings = { url: 'https://shop.example' };
  const { id: channelId } = await withAccount(pool, accountId, (db) =>
    insertChannel(db, sealer, { kind: 'vendure', name: 'Shop', settings, credentials: { apiKey: 'k' } }),
  );
  const deps = { gate: createGate({ slots: 4 }), pool, sealer, fetch, now: () => new Date() } as unknown as Deps;
  const context = { cancellationSignal: new AbortController().signal } as Context;
  const check = () => asyncLocalStorage.run(context, () => createChannelActivities(deps).checkChannel({ channelId }));

  expect(await check()).toMatchObject({ locations, problems: ['location_not_chosen'] });

  await withAccount(pool, accountId, (db) =>
    changeChannel(db, channelId, { settings: { ...settings, stockLocationId: '2' } }),
  );
  expect(await check()).toMatchObject({ locations, problems: [] });
});
