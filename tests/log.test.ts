import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { logWriter } from '../log.ts';
import { waitUntil } from './support/engine/wait-until.ts';

/** Written and read by us; its 64 KiB are soon full. */
function aPipe(): { fd: number; read(): string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'vp-log-'));
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const bytes = Buffer.alloc(65_536);
  return {
    fd,
    read: () => {
      try {
        return bytes.toString('utf8', 0, readSync(fd, bytes));
      } catch {
        return '';
      }
    },
    close: () => {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    },
  };
}

it('a log that nobody takes drops lines instead of waiting, and says how many once it is taken again', async () => {
  const pipe = aPipe();
  const writer = logWriter(pipe.fd, { mostBytes: 20_000, pauseMs: 5 });
  const line = `${JSON.stringify({ msg: 'x'.repeat(86) })}\n`;
  const write = (count: number) => Array.from({ length: count }, () => writer.write(line));

  write(150);
  // As the event loop turns, the pipe takes what it can.
  await waitUntil(() => (write(150), writer.isDropping()));
  let text = '';
  await waitUntil(() => ((text += pipe.read()), text.includes('"dropped"')));

  const lines = text.trimEnd().split('\n');
  const notes = lines.map((one) => JSON.parse(one) as { msg: string; dropped?: number }).filter((one) => one.dropped);
  expect(notes).toEqual([
    { level: 40, time: expect.any(Number), dropped: expect.any(Number), msg: expect.stringMatching(/^log lines were/) },
  ]);
  expect(writer.isDropping()).toBe(false);
  pipe.close();
});

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('a process whose log is on a full disk goes on, and ends when it is asked to', () => {
  const full = openSync('/dev/full', 'w');
  const script = `
    import { createLog } from './log.ts';
    const { log, isDropping } = createLog({ level: 'info' });
    for (let line = 0; line < 1000; line += 1) log.info('one more');
    setTimeout(() => { log.fatal('ending'); process.exit(isDropping() ? 7 : 8); }, 100);`;
  const words = ['--import', 'tsx', '--input-type=module', '-e', script];
  const root = resolve(import.meta.dirname, '..');

  const { status } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', full, 'pipe'],
    timeout: 20_000,
  });
  closeSync(full);

  expect(status).toBe(7);
});
