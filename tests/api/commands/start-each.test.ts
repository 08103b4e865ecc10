import { describe, expect, it } from '@jest/globals';
import { startEach } from '../../../api/commands/sync-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { WantedRun } from '../../../domain/sync.ts';

const aRun = (channelId: string): WantedRun => ({ channelId, channelName: channelId, task: 'import_orders' });
const begun = ({ channelId, task }: WantedRun) => ({
  task,
  workflowId: `import_orders/${channelId}`,
  runId: `run-${channelId}`,
  startedAt: '2026-11-22T09:30:00.000Z',
  nextRunAt: null,
});
const never = () => new Promise<never>(() => undefined);
const pace = { atATime: 2, ms: 50 };
const many = Array.from({ length: 20 }, (_, index) => aRun(`c${index}`));

describe('starting many runs', () => {
  it('goes on past one that is refused, and one that never answers', async () => {
    const start = async (run: WantedRun) => {
      if (run.channelId === 'b') throw new DomainError('schedule_not_found', 'Not yet.');
      return run.channelId === 'c' ? never() : begun(run);
    };

    const outcomes = await startEach(['a', 'b', 'c', 'd', 'e'].map(aRun), start, pace);

    expect(outcomes.map((outcome) => ('code' in outcome ? outcome.code : outcome.run.runId))).toEqual([
      'run-a',
      'schedule_not_found',
      'temporal_unavailable',
      'run-d',
      'run-e',
    ]);
  });

  it('asks no more once nobody has answered', async () => {
    let asked = 0;
    const start = async () => {
      asked += 1;
      return never();
    };

    const outcomes = await startEach(many, start, pace);

    expect(asked).toBeLessThan(2 * pace.atATime);
    expect(outcomes).toEqual(many.map((run) => ({ ...run, code: 'temporal_unavailable' })));
  });

  it('starts no more at the same time than it may', async () => {
    let [now, most] = [0, 0];
    const start = async (run: WantedRun) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return begun(run);
    };

    expect(await startEach(many, start, pace)).toHaveLength(20);
    expect(most).toBe(2);
  });

  it('does not hide a fault of ours', async () => {
    const start = async () => {
      throw new TypeError('a bug');
    };

    await expect(startEach([aRun('a')], start, pace)).rejects.toThrow('a bug');
  });
});
