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
    lastUsedAt: null, revokedAt: null, expiresAt: null, replacedBy: null,
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

describe('a key that ends by itself', () => {
  it('opens until then, and nothing from then on, also where it has just been used', async () => {
    const there = await anotherProcess();
    const account = await api.anAccount();
    const expiresAt = new Date(now + 60_000).toISOString();
    const issued = (await there(account).post('/v1/keys', { name: 'Short', expiresAt })).json<{ key: string }>();
    const short = { ...account, key: issued.key };

    later(59_000);
    expect(await statusOf(there(short))).toBe(200);
    later(1_000);
    expect(await statusOf(there(short))).toBe(401);

    const past = await there(account).post('/v1/keys', { name: 'Over', expiresAt });
    expect(past.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/expiresAt' }] });
  });

  it('has a successor with its scopes; both open until the old one ends', async () => {
    const there = await anotherProcess();
    const admin = there(await api.anAccount());
    const old = await api.aKeyOf(admin, ['ship']);
    expect(await statusOf(there(old))).toBe(200);
    const endsAt = new Date(now + 3_600_000).toISOString();

    const answer = await admin.post(`/v1/keys/${old.keyId}/rotate`, { endsAt });

    const made = answer.json<{ id: string; key: string }>();
    expect(answer.json()).toMatchObject({ name: 'Test', scopes: ['ship'], expiresAt: null, replacedBy: null });
    const list = (await admin.get('/v1/keys')).json<{ data: { id: string }[] }>().data;
    expect(list.find(({ id }) => id === old.keyId)).toMatchObject({ expiresAt: endsAt, replacedBy: made.id });
    later(3_599_000);
    expect([await statusOf(there(old)), await statusOf(there({ ...old, key: made.key }))]).toEqual([200, 200]);
    later(1_000);
    expect([await statusOf(there(old)), await statusOf(there({ ...old, key: made.key }))]).toEqual([401, 200]);
    expect((await admin.post(`/v1/keys/${old.keyId}/rotate`, {})).json()).toMatchObject({ code: 'key_ended' });
    expect((await admin.get('/v1/audit?action=key.rotated')).json()).toMatchObject({
      data: [{ subjectId: old.keyId, before: { expiresAt: null }, after: { expiresAt: endsAt, replacedBy: made.id } }],
    });
  });

  it('gets one successor, though two are asked for at once; it never ends later than it would have', async () => {
    const admin = await api.anAccount();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = (await admin.post('/v1/keys', { name: 'K', expiresAt })).json<{ id: string }>();

    const answers = await Promise.all([0, 1, 2].map(() => admin.post(`/v1/keys/${id}/rotate`, {})));

    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409]);
    const list = (await admin.get('/v1/keys')).json<{ data: { id: string }[] }>().data;
    expect(list.find((key) => key.id === id)).toMatchObject({ expiresAt });
  });
});
