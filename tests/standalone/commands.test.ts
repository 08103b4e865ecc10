import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { openInstallation } from '../../db/accounts/installation.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { backUp } from '../../standalone/backup/backup.ts';
import { putBack } from '../../standalone/backup/restore.ts';
import { newEncryptionKey, noteKeys, readOrMakeKeys, requireRightKeys } from '../../standalone/keys.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi } from '../support/engine/test-api.ts';
import { asOwner } from '../support/trade/people.ts';

const root = resolve(import.meta.dirname, '../..');
const api = forTheFile(() => openApi());
const folder = () => mkdtempSync(join(tmpdir(), 'vp-commands-'));

async function run(script: string, DATA_DIR: string, ...words: string[]): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, ['standalone/run.mjs', `standalone/${script}.ts`, ...words], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: api.database.appUrl,
      DATABASE_SYSTEM_URL: api.database.systemUrl,
      DATA_DIR,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [status] = (await once(child, 'close')) as [number];
  return { status, output: output.trim() };
}

it('npm run audit:verify says that the audit is whole, or which row is not', async () => {
  const { accountId } = await api.anAccount();
  const dir = folder();
  const heads = join(dir, 'heads.json');
  const whole = await run('audit-verify', dir, '--heads', heads);
  expect(whole.output).toMatch(/^The audit is whole: \d+ rows of \d+ accounts\.\nThe heads are in /);
  const [row] = await asOwner(api, `update audit_events set actor_id = 'nobody' where account_id = '${accountId}' and action = 'key.created' returning id`); // prettier-ignore

  const broken = await run('audit-verify', dir, '--heads', heads);

  expect(broken).toEqual({
    status: 1,
    output: `${accountId}: the audit row ${String(row!['id'])}, number 2 is not as it was written.`,
  });
});

it('npm run keys rotates the key of npm start', async () => {
  const dir = folder();
  const config = { DATA_DIR: dir, OTHER_ENCRYPTION_KEYS: [] };
  const first = readOrMakeKeys(config).encryptionKeys[0]!;
  await openInstallation(api.pool, createSealer(first), Buffer.from('pepper'));
  const wrong = { operatorKey: '-', encryptionKeys: [newEncryptionKey()] };
  await expect(requireRightKeys(api.database, wrong)).rejects.toThrow('The ENCRYPTION_KEY does not open this database');

  const rotated = await run('keys-command', dir, 'rotate');
  const { encryptionKeys } = readOrMakeKeys(config);
  const [newest, old] = encryptionKeys.map((key) => createSealer(key).keyId);
  expect(rotated.output).toContain(`The new key is ${newest}.`);
  expect(encryptionKeys[1]).toBe(first);
  expect((await run('keys-command', dir, 'forget')).output).toContain(`${old}  only opens, 1 values`);
  expect((await run('keys-command', dir, 'reseal')).output).toBe(
    `1 values are sealed anew.\n${newest}  seals and opens, 1 values\n${old}  only opens, 0 values`,
  );

  const forgotten = await run('keys-command', dir, 'forget');

  expect(forgotten.output).toBe(`1 keys are removed.\n${newest}  seals and opens, 1 values`);
  expect(readOrMakeKeys(config).encryptionKeys).toEqual([encryptionKeys[0]]);
});

it('the key files have the keys that are used, also where the environment gave them', () => {
  const dir = folder();
  const given = { DATA_DIR: dir, OTHER_ENCRYPTION_KEYS: [] };
  const made = readOrMakeKeys(given);
  const [operatorKey, encryptionKey] = ['another operator key', Buffer.alloc(32, 'k').toString('base64')];
  const keys = readOrMakeKeys({ ...given, OPERATOR_KEY: operatorKey, ENCRYPTION_KEY: encryptionKey });

  noteKeys(dir, keys);

  expect(keys).toEqual({ operatorKey, encryptionKeys: [encryptionKey] });
  expect(readFileSync(join(dir, 'operator-key'), 'utf8')).toBe(`${operatorKey}\n`);
  // What may have sealed something stays.
  expect(readFileSync(join(dir, 'encryption-key'), 'utf8')).toBe(`${encryptionKey}\n${made.encryptionKeys[0]}\n`);
  expect(statSync(join(dir, 'operator-key')).mode & 0o777).toBe(0o600);
});

it('npm run backup, restore and restored refuse in words what they cannot do', async () => {
  const dir = folder();

  expect(await run('backup-command', dir, 'backup', join(dir, 'copy'))).toEqual({
    status: 1,
    output: expect.stringMatching(
      /^The servers are given by the environment: copy and restore them by their own tools/,
    ),
  });
  expect((await run('backup-command', dir, 'restored')).output).toMatch(/^Usage: npm run backup/);
  await expect(putBack(dir, join(dir, 'copy'), () => undefined)).rejects.toThrow('is no whole backup');
  await expect(backUp(dir, join(dir, 'copy'))).rejects.toThrow('There is no database in');
});
