import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { Deps } from '../../activities/deps.ts';
import { createGate } from '../../activities/gate.ts';
import { createWebhookActivities } from '../../activities/webhooks.ts';
import {
  deleteChannel,
  findToOpen,
  insertChannel,
  replaceCredentials,
  requireChannel,
} from '../../db/channels/channels.ts';
import { claimWebhooks, endAccess, listChannelsToConnect } from '../../db/channels/webhooks-due.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { withAccount, withSystem, type AccountDb } from '../../db/engine/with-account.ts';
import { anAccount } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
onDatabase(3, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));

/** A channel of a shop, and the worker's activity on it. Which kinds we make webhooks for is the test's word. */
async function aChannel() {
  const accountId = await anAccount(pool);
  const account = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
  const settings = { url: 'https://shop.example' };
  const credentials = { apiKey: 'k' };
  const { id } = await account((db) =>
    insertChannel(db, sealer, { kind: 'vendure', name: 'Shop', settings, credentials }),
  );
  const deps = {
    gate: createGate({ slots: 4 }),
    pool,
    sealer,
    publicUrl: 'https://portals.example',
    now: () => new Date(),
    fetch: () => Promise.reject(new Error('It calls no shop.')),
  } as unknown as Deps;
  const context = { cancellationSignal: new AbortController().signal } as Context;
  const isDue = async () => {
    const due = await withSystem(pool, (db) => listChannelsToConnect(db, { kinds: ['vendure'], limit: 1_000 }));
    return due.includes(id);
  };
  return {
    id,
    account,
    isDue,
    run: () => asyncLocalStorage.run(context, () => createWebhookActivities(deps).ensureWebhooks({ channelId: id })),
    later: (interval: string) =>
      account((db) =>
        db.raw(
          `update channels set webhooks_due_at = webhooks_due_at - ?::interval, deleted_at = deleted_at - ?::interval where id = ?`,
          [interval, interval, id],
        ),
      ),
    replace: () => account((db) => replaceCredentials(db, { sealer, id, credentials: { apiKey: 'other' } })),
    remove: () => account((db) => deleteChannel(db, id, { hasWebhooks: true })),
    credentials: async () => (await account((db) => findToOpen(db, sealer, id, { ifDeleted: true })))?.credentials(),
  };
}

describe('webhooks that we make at a shop', () => {
  it('are due for a new channel, a day later, and with new credentials', async () => {
    const channel = await aChannel();
    expect(await channel.isDue()).toBe(true);

    await channel.run();
    expect(await channel.isDue()).toBe(false);

    await channel.later('23 hours');
    expect(await channel.isDue()).toBe(false);
    await channel.later('2 hours');
    expect(await channel.isDue()).toBe(true);

    await channel.run();
    await channel.replace();
    expect(await channel.isDue()).toBe(true);
  });

  it('are asked for once at a time, and again after ten minutes when that failed', async () => {
    const channel = await aChannel();
    const claim = () => channel.account((db) => claimWebhooks(db, channel.id));

    expect([await claim(), await claim()]).toEqual([expect.any(String), undefined]);
    expect(await channel.isDue()).toBe(false);
    await channel.later('10 minutes');
    expect(await channel.isDue()).toBe(true);
  });

  it('are removed once their channel is deleted, and then its credentials are forgotten', async () => {
    const channel = await aChannel();
    await channel.run();
    await channel.remove();
    expect([await channel.isDue(), await channel.credentials()]).toEqual([true, { apiKey: 'k' }]);

    await channel.run();

    expect([await channel.isDue(), await channel.credentials()]).toEqual([false, null]);
  });
});

describe('an access that its shop has ended', () => {
  it('is unauthorized, without a call, until there are new credentials', async () => {
    const channel = await aChannel();
    await channel.account((db) => endAccess(db, channel.id));
    const health = async () => (await channel.account((db) => requireChannel(db, channel.id))).health;

    await expect(channel.run()).rejects.toMatchObject({ type: 'channel_unauthorized' });
    expect(await health()).toMatchObject({ status: 'unauthorized', code: 'channel_unauthorized' });

    await channel.replace();
    await channel.run();
    expect(await health()).toMatchObject({ status: 'ok' });
  });
});
