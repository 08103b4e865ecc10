import { describe, expect, it } from '@jest/globals';
import { ChannelError, type Fault } from '../../activities/channels/channel.ts';
import { healthAfter, toFailure } from '../../activities/failures.ts';

const waitOf = (fault: Fault, attempt = 1): unknown => toFailure(new ChannelError(fault), attempt).nextRetryDelay;

describe('a channel that fails', () => {
  it('because it holds the order back is asked again when it says, and is as healthy as before', () => {
    const held: Fault = { kind: 'held', code: 'on_hold', retryAfter: 120 };

    expect(toFailure(new ChannelError(held))).toMatchObject({ type: 'held_at_channel', nonRetryable: false });
    expect(waitOf(held)).toBe(120_000);
    expect(waitOf({ ...held, retryAfter: 86_400 })).toBe(300_000);
    expect(healthAfter(held)).toBeNull();
  });

  it('is asked again when it says, but never so late that its step does not come to park', () => {
    expect(waitOf({ kind: 'rate_limited', retryAfter: 30 })).toBe(30_000);
    expect(waitOf({ kind: 'rate_limited', retryAfter: 999_999_999 })).toBe(300_000);
  });

  it('and leaves an effect in doubt is asked soon, then ever more rarely', () => {
    const waits = [1, 2, 3, 4, 6, 9, 70].map((attempt) => waitOf({ kind: 'unknown_outcome' }, attempt));

    expect(waits).toEqual([5_000, 5_000, 5_000, 10_000, 40_000, 300_000, 300_000]);
  });
});
