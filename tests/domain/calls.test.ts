import { describe, expect, it } from '@jest/globals';
import { holdMs, isHeldBack, mayEnter } from '../../domain/calls.ts';

/** How many slots each of so many accounts gets when all want as many as they can. */
function shares(accounts: number, all: number): number[] {
  const mine = Array.from({ length: accounts }, () => 0);
  for (let isOver = false; !isOver;) {
    isOver = true;
    for (const [account, slots] of mine.entries()) {
      const taken = mine.reduce((sum, one) => sum + one, 0);
      if (!mayEnter({ all, taken, byAccount: slots, byHost: 0 })) continue;
      mine[account] = slots + 1;
      isOver = false;
    }
  }
  return mine;
}

describe('the slots of a worker', () => {
  it.each([
    [1, 50],
    [3, 25],
    [9, 10],
  ])('are shared by %i accounts that want all, and some stay free for the next', (accounts, each) => {
    const taken = shares(accounts, 100);

    expect(taken).toEqual(Array.from({ length: accounts }, () => each));
    expect(mayEnter({ all: 100, taken: accounts * each, byAccount: 0, byHost: 0 })).toBe(true);
  });

  it('go to one host up to three quarters, so that an account with half of them leaves it to others', () => {
    const ofHost = (slots: number) => mayEnter({ all: 100, taken: slots, byAccount: 1, byHost: slots });

    expect([50, 74, 75].map(ofHost)).toEqual([true, true, false]);
  });
});

describe('a channel that does not answer', () => {
  it('is held back from the third time-out on, ever longer, and never longer than five minutes', () => {
    expect([0, 1, 2, 3].map(isHeldBack)).toEqual([false, false, false, true]);
    expect([2, 3, 4, 5, 7, 8, 50].map(holdMs)).toEqual([0, 10_000, 20_000, 40_000, 160_000, 300_000, 300_000]);
  });
});
