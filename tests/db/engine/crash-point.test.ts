import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { crashPointNames, createCrashPoint, type CrashPointName } from '../../../db/engine/crash-point.ts';

let folder: string;
const markPath = () => path.join(folder, 'mark');

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'crash-point-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that passes these points, and how it ended. */
async function pass(at: string, ...names: CrashPointName[]) {
  const script = path.resolve('tests/support/engine/pass-crash-points.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, at, markPath(), ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [output, [code, signal]] = await Promise.all([text(child.stdout), exited]);
  const mark = existsSync(markPath()) ? readFileSync(markPath(), 'utf8') : '';
  return { passed: output.split('\n').filter(Boolean), code, signal, mark };
}

describe('a crash point', () => {
  it('kills the process at its n-th pass and not before, with the mark on disk', async () => {
    const end = await pass('push.sent:2', 'push.sent', 'push.looked-up', 'push.sent', 'push.read-back');

    expect(end).toEqual({
      passed: ['push.sent', 'push.looked-up'],
      code: null,
      signal: 'SIGKILL',
      mark: 'push.sent:2\n',
    });
  });

  it('adds a line for each death of a restarted process', async () => {
    await pass('void.committed:1', 'void.committed');
    const end = await pass('void.committed:1', 'void.committed');

    expect(end.mark).toBe('void.committed:1\nvoid.committed:1\n');
  });

  it('lets the process live while it is passed less often, or another one is', async () => {
    const end = await pass('push.sent:2', 'push.sent', 'push.read-back', 'push.upstream-sent');

    expect(end).toMatchObject({ passed: ['push.sent', 'push.read-back', 'push.upstream-sent'], code: 0, mark: '' });
  });

  it('does nothing when none is asked for', () => {
    const crashPoint = createCrashPoint({});

    expect(() => crashPointNames.forEach(crashPoint)).not.toThrow();
  });

  it.each(['push.snet:1', 'push.sent', 'push.sent:0', 'push.sent:-1', ':1', ''])(
    'refuses %j, which nothing would ever hit',
    (at) => {
      expect(() => createCrashPoint({ at })).toThrow('no crash point');
    },
  );
});
