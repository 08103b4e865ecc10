import { randomBytes } from 'node:crypto';
import { expect, describe, it } from '@jest/globals';
import { buildApp } from '../../../api/app.ts';
import { createKnownKeys } from '../../../api/plugins/known-keys.ts';
import type { KeyRecord } from '../../../db/accounts/keys.ts';
import { atTheEnd, forTheFile } from '../../support/engine/for-the-file.ts';
import { callerOf, openApi, type Caller } from '../../support/engine/test-api.ts';

const start = Date.parse('2026-11-30T12:00:00.000Z');
let now = start;
const later = (ms: number) => (now += ms);

const api = forTheFile(() => openApi());

/** A second process of the API on the same database, with clocks that the test turns. */
async function anotherProcess() {
  const app = await buildApp({ ...api.app.deps, now: () => new Date(now), clock: () => now });
  atTheEnd(() => app.close());
  return (caller: Caller) => callerOf(app, caller.accountId, caller.key);
}

const statusOf = async (caller: Caller): Promise<number> => (await caller.get('/v1/me')).statusCode;

describe('a key that has just been used', () => {
  it('is refused everywhere within five seconds of being revoked', async () => {
    const there = await anotherProcess();
    const key = await api.aKeyOf(await api.anAccount(), ['admin']);
    expect(await statusOf(there(key))).toBe(200);

    expect((await api.operator.delete(`/v1/keys/${key.keyId}`)).statusCode).toBe(204);
    later(5_000);

    expect(await statusOf(key)).toBe(401);
    expect(await statusOf(there(key))).toBe(401);
  });

  it('is refused within five seconds although the time of day was set back', async () => {
    const app = await buildApp({ ...api.app.deps, now: () => new Date(time), clock: () => now });
    atTheEnd(() => app.close());
    let time = start;
    const key = await api.aKeyOf(await api.anAccount(), ['admin']);
    const there = callerOf(app, key.accountId, key.key);
    expect(await statusOf(there)).toBe(200);
    expect((await api.operator.delete(`/v1/keys/${key.keyId}`)).statusCode).toBe(204);

    later(5_000);
    time -= 2_000;

    expect(await statusOf(there)).toBe(401);
  });

  it('is refused within five seconds although it is in use all the time', async () => {
    const there = await anotherProcess();
    const key = await api.aKeyOf(await api.anAccount(), ['admin']);
    expect(await statusOf(there(key))).toBe(200);
    expect((await api.operator.delete(`/v1/keys/${key.keyId}`)).statusCode).toBe(204);

    const statuses: number[] = [];
    for (let second = 0; second < 5; second += 1) {
      later(1_000);
      statuses.push(await statusOf(there(key)));
    }

    expect(statuses.at(-1)).toBe(401);
  });

  it('shows when it was last used, to the minute, however often it is used', async () => {
    const there = await anotherProcess();
    const account = await api.anAccount();
    const { keyId, ...caller } = await api.aKeyOf(account, ['read']);
    const lastUsed = async () =>
      (await account.get('/v1/keys?limit=1')).json<{ data: { id: string; lastUsedAt: string | null }[] }>().data[0];
    const first = new Date(now).toISOString();

    for (let second = 0; second < 59; second += 1) {
      expect(await statusOf(there(caller))).toBe(200);
      later(1_000);
    }
    expect(await lastUsed()).toMatchObject({ id: keyId, lastUsedAt: first });

    later(2_000);
    expect(await statusOf(there(caller))).toBe(200);
    expect(await lastUsed()).toMatchObject({ id: keyId, lastUsedAt: new Date(now).toISOString() });
  });
});

describe('the keys in memory', () => {
  const aKey = (id: string): KeyRecord => ({
    id, accountId: 'acct_1', name: 'Key', hint: 'vp_…', scopes: ['read'], createdAt: '2026-11-30T12:00:00.000Z',
    lastUsedAt: null, revokedAt: null,
  }); // prettier-ignore

  /** Counts the reads of the database. */
  function counted() {
    const keys = createKnownKeys(() => now);
    let reads = 0;
    const find = async (hash: Buffer, key: KeyRecord | undefined): Promise<boolean> => {
      const before = reads;
      await keys.find(hash, async () => {
        reads += 1;
        return key;
      });
      return reads > before;
    };
    return { find };
  }

  it('hold no token that is no key', async () => {
    const { find } = counted();
    const hash = randomBytes(32);

    expect([await find(hash, undefined), await find(hash, undefined)]).toEqual([true, true]);
  });

  it('are read once in some seconds', async () => {
    const { find } = counted();
    const hash = randomBytes(32);

    expect(await find(hash, aKey('key_1'))).toBe(true);
    expect(await find(hash, aKey('key_1'))).toBe(false);
    later(5_000);
    expect(await find(hash, aKey('key_1'))).toBe(true);
  });

  it('hold none that was revoked while it was read', async () => {
    const keys = createKnownKeys(() => now);
    const hash = randomBytes(32);

    await keys.find(hash, async () => {
      keys.forget('key_1');
      return aKey('key_1');
    });

    expect(await keys.find(hash, async () => undefined)).toBeUndefined();
  });

  it('are at most ten thousand: the oldest goes first', async () => {
    const { find } = counted();
    const hashes = Array.from({ length: 10_001 }, () => randomBytes(32));
    for (const [index, hash] of hashes.entries()) await find(hash, aKey(`key_${index}`));

    expect(await find(hashes[0]!, aKey('key_0'))).toBe(true);
    expect(await find(hashes.at(-1)!, aKey('key_10000'))).toBe(false);
  });
});
