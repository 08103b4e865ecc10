import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { insertAccount } from '../../db/accounts/accounts.ts';
import { openInstallation } from '../../db/accounts/installation.ts';
import { countSealed, resealAll } from '../../db/accounts/sealed-rows.ts';
import { insertChannel, readCredentials, replaceCredentials, requireChannel } from '../../db/channels/channels.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { newId } from '../../db/engine/ids.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { insertLabelAccount } from '../../db/labels/accounts.ts';
import { onDatabase, type ClonedDatabase } from '../support/engine/database.ts';
import { processEnvironment, startProcess } from '../support/engine/processes.ts';

let pool: Pool;
let database: ClonedDatabase;
onDatabase(8, (...opened) => {
  [pool, database] = opened;
});

const [old, newest, foreign] = [1, 2, 3].map(() => randomBytes(32).toString('base64')) as [string, string, string];
const before = createSealer(old);
const during = createSealer(newest, [old]);
const after = createSealer(newest);

let pepper: Buffer;

it('many first starts at once agree on one pepper', async () => {
  const starts = Array.from({ length: 8 }, () => openInstallation(pool, before, randomBytes(32)));
  const peppers = await Promise.all(starts);

  pepper = peppers[0]!;
  expect(new Set(peppers.map((one) => one.toString('hex'))).size).toBe(1);
});

it('the start finds out whether the key is that of the database, and gives the same pepper for ever', async () => {
  expect(await openInstallation(pool, before, randomBytes(32))).toEqual(pepper);
  expect(await openInstallation(pool, during, randomBytes(32))).toEqual(pepper);
  await expect(openInstallation(pool, createSealer(foreign), pepper)).rejects.toThrow(
    `The ENCRYPTION_KEY does not open this database: sealed with the key ${before.keyId}`,
  );
  await expect(openInstallation(pool, after, pepper)).rejects.toThrow('does not open this database');
});

it('api and worker refuse to start with another key, in words', async () => {
  const env = processEnvironment(database, { ENCRYPTION_KEY: foreign });
  const entries = ['api/main.ts', 'workers/main.ts'];
  const started = await Promise.all(entries.map((entry) => startProcess({ entry, env, awaitReady: false })));

  for (const refusing of started) {
    expect(await refusing.exited).toMatchObject({ code: 1 });
    expect(refusing.logs()).toContain('The ENCRYPTION_KEY does not open this database');
    expect(refusing.logs()).not.toContain(' at ');
  }
});

it('everything is sealed anew while credentials change; then the old key may go', async () => {
  const accountId = newId('account');
  await withAccount(pool, accountId, (db) => insertAccount(db, 'A company'));
  const channel = { kind: 'api' as const, name: 'Own', settings: {} };
  const ids = await Promise.all(
    Array.from({ length: 30 }, (_one, index) =>
      withAccount(pool, accountId, async (db) => {
        await insertLabelAccount(db, before, { provider: 'test', name: 'L', carriers: [], credentials: { index } });
        return (await insertChannel(db, before, { ...channel, credentials: { index } })).id;
      }),
    ),
  );
  await expect(openInstallation(pool, createSealer(foreign, [newest]), pepper)).rejects.toThrow();

  // A process with the keys of before still writes meanwhile.
  const [resealed] = await Promise.all([
    resealAll(pool, during),
    ...ids.slice(0, 10).map((id) => withAccount(pool, accountId, (db) => replaceCredentials(db, { sealer: before, id, credentials: { index: 'new' } }))), // prettier-ignore
  ]);
  await resealAll(pool, during);

  expect(resealed).toBeGreaterThanOrEqual(51);
  expect([...(await countSealed(pool)).keys()]).toEqual([newest].map((key) => createSealer(key).keyId));
  expect(await openInstallation(pool, after, randomBytes(32))).toEqual(pepper);
  for (const [index, id] of ids.entries()) {
    const [credentials, record] = await withAccount(pool, accountId, async (db) => [
      await readCredentials(db, after, id),
      await requireChannel(db, id),
    ] as const); // prettier-ignore
    expect(credentials).toEqual({ index: index < 10 ? 'new' : index });
    // What is parked behind old credentials does not resume.
    expect(record.credentialsVersion).toBe(index < 10 ? 2 : 1);
  }
  expect(await resealAll(pool, during)).toBe(0);
});

it('a start without the key of some credentials is refused, and says how many', async () => {
  const accountId = newId('account');
  await withAccount(pool, accountId, async (db) => {
    await insertAccount(db, 'A company');
    await insertChannel(db, createSealer(foreign), { kind: 'api', name: 'Own', settings: {}, credentials: { a: 1 } });
  });

  await expect(openInstallation(pool, after, pepper)).rejects.toThrow(
    `does not open 1 stored credentials: sealed with the key ${createSealer(foreign).keyId}`,
  );
  await expect(resealAll(pool, during)).rejects.toThrow('another ENCRYPTION_KEY');
});
