import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { adviceOnRoom } from '../../standalone/processes/free-room.ts';
import { untilStopped } from '../../standalone/processes/heal.ts';
import { rotateAll } from '../../standalone/processes/log-files.ts';

describe('a log', () => {
  it('that has grown too large is cut while its process writes it, to a total of twice its limit', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vp-logs-'));
    const path = join(folder, 'api.log');
    const held = openSync(path, 'a');
    writeSync(held, `${'a'.repeat(50)}${'b'.repeat(100)}`);
    appendFileSync(`${path}.old`, 'older');

    rotateAll([join(folder, 'missing.log'), path], 100);
    writeSync(held, 'after');
    rotateAll([path], 100);

    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.old`, 'utf8')]).toEqual(['after', 'b'.repeat(100)]);
    expect(statSync(`${path}.old`).mode & 0o777).toBe(0o600);
    closeSync(held);
    rmSync(folder, { recursive: true });
  });
});

describe('a server that cannot be restarted', () => {
  it('is tried again until it runs; what to do is reported once', async () => {
    const reports: string[] = [];
    let tries = 0;

    await untilStopped({
      heal: async () => {
        tries += 1;
        if (tries < 4) throw new Error('Postgres could not start.');
        return tries === 4 ? ['Postgres'] : [];
      },
      advice: () => adviceOnRoom('/data', 3_000_000),
      isStopping: () => tries === 5,
      report: (line) => reports.push(line),
      everyMs: 1,
    });

    expect(reports).toEqual([
      'Postgres could not start.\n' +
        'The disk of /data has 2 MB left. Make room there; nothing that was confirmed is lost.\n' +
        'It is tried again, at least every 30 s.',
      'Postgres had died and runs again, on the same data.',
    ]);
  });

  it('has nothing to do with a disk that has room', () => {
    expect(adviceOnRoom('/data', 1e9)).toBe('');
    expect(adviceOnRoom('/')).not.toContain('NaN');
  });
});
