import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createGate, type OutsideCall, type Seen } from '../../activities/gate.ts';

const clock = { at: 0 };
const aGate = (slots = 400) => createGate({ slots, now: () => clock.at });
const calling = (change: Partial<OutsideCall> = {}): OutsideCall => ({
  accountId: 'acct_1',
  targetId: 'chan_1',
  version: 1,
  host: 'shop.example',
  silence: 'channel_unreachable',
  details: { credentialsVersion: 1 },
  signal: new AbortController().signal,
  ...change,
});
const timesOut = async (seen: Seen) => {
  seen.timeOut();
  throw new Error('no answer');
};
const answers = async (seen: Seen) => {
  seen.answer();
  return 'answered';
};
const silenced = async (gate: ReturnType<typeof aGate>, times = 3) => {
  for (let count = 0; count < times; count += 1) await gate.pass(calling(), timesOut).catch(() => undefined);
};
const heldBack = { type: 'channel_unreachable', details: [{ credentialsVersion: 1 }] };
const busy = { type: 'too_many_calls' };

/** Calls that hang until `end`. */
function hanging(gate: ReturnType<typeof aGate>, calls: OutsideCall[]) {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const seen: Seen[] = [];
  const all = calls.map((call) => gate.pass(call, (one) => (seen.push(one), over)));
  // Refused at once, and looked at later.
  for (const one of all) one.catch(() => undefined);
  return { begun: () => seen.length, seen, end, all };
}
const many = (count: number, of: (index: number) => Partial<OutsideCall>) =>
  Array.from({ length: count }, (_, index) => calling(of(index)));

describe('the calls of one account', () => {
  it('hold no more than half of the slots, and another account has all it needs', async () => {
    const gate = aGate(40);
    const calls = many(100, (index) => ({ targetId: `chan_${index}`, host: `${index}.example` }));
    const { begun, end, all } = hanging(gate, calls);
    await turn();

    const other = hanging(
      gate,
      many(6, () => ({ accountId: 'acct_2', targetId: 'chan_x', host: 'other.example' })),
    );
    await turn();

    expect([begun(), other.begun()]).toEqual([20, 6]);
    await expect(all[99]).rejects.toMatchObject(busy);
    await Promise.allSettled(all.slice(20));
    end();
    other.end();
    await Promise.all([...all.slice(0, 20), ...other.all]);
    await expect(gate.pass(calling(), answers)).resolves.toBe('answered');
  });

  it('share a host with those of other accounts, which does not get all slots either', async () => {
    const gate = aGate(40);
    const calls = many(40, (index) => ({ accountId: `acct_${index}`, targetId: `chan_${index}` }));
    const { begun, end, all } = hanging(gate, calls);
    await turn();

    expect(begun()).toBe(30);
    end();
    expect((await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')).toHaveLength(10);
  });
});

describe('the line of one channel', () => {
  it('lets twenty call at once, and the others in their order', async () => {
    const gate = aGate();
    const { begun, end, all } = hanging(
      gate,
      many(25, () => ({})),
    );
    await turn();

    expect(begun()).toBe(20);
    end();
    await Promise.all(all);
    expect(begun()).toBe(25);
  });

  it('is left by whoever is cancelled', async () => {
    const gate = aGate();
    const cancel = new AbortController();
    const { begun, end, all } = hanging(gate, [...many(20, () => ({})), calling({ signal: cancel.signal })]);

    cancel.abort(new Error('cancelled'));

    await expect(all[20]).rejects.toThrow('cancelled');
    end();
    await Promise.all(all.slice(0, 20));
    expect(begun()).toBe(20);
  });

  it('is sent away when the channel turns out not to answer', async () => {
    const gate = aGate();
    const { seen, end, all } = hanging(
      gate,
      many(20, () => ({})),
    );
    const inLine = gate.pass(calling(), answers);
    await turn();

    for (const one of seen.slice(0, 3)) one.timeOut();

    await expect(inLine).rejects.toMatchObject(heldBack);
    end();
    await Promise.all(all);
  });
});

describe('a channel that does not answer three times in a row', () => {
  it('is not called for ten seconds; then one call goes on as the probe', async () => {
    const gate = aGate();
    await silenced(gate);

    await expect(gate.pass(calling(), answers)).rejects.toMatchObject(heldBack);
    expect(gate.holdsBack('chan_1')).toBe(true);
    await expect(gate.pass(calling({ targetId: 'chan_2' }), answers)).resolves.toBe('answered');
    clock.at += 10_000;
    const probe = hanging(gate, [calling()]);
    await expect(gate.pass(calling(), answers)).rejects.toMatchObject(heldBack);
    probe.seen[0]!.answer();
    await expect(gate.pass(calling(), answers)).resolves.toBe('answered');
    probe.end();
    await Promise.all(probe.all);
    expect(gate.holdsBack('chan_1')).toBe(false);
  });

  it('is asked twice as late after a probe without an answer', async () => {
    const gate = aGate();
    await silenced(gate);
    clock.at += 10_000;
    await silenced(gate, 1);

    clock.at += 19_999;
    await expect(gate.pass(calling(), answers)).rejects.toMatchObject(heldBack);
    clock.at += 1;
    await expect(gate.pass(calling(), answers)).resolves.toBe('answered');
  });

  it('is called when a person asks, and with new credentials', async () => {
    const gate = aGate();
    await silenced(gate);

    await expect(gate.pass(calling({ version: 2 }), answers)).resolves.toBe('answered');
    await silenced(gate);
    await expect(gate.pass(calling({ isProbe: true }), answers)).resolves.toBe('answered');
    await expect(gate.pass(calling(), answers)).resolves.toBe('answered');
  });

  it('counts as silent too when its client fails late and does not say why', async () => {
    const gate = aGate();
    const late = async () => {
      clock.at += 10_000;
      throw new Error('socket');
    };
    for (let count = 0; count < 3; count += 1) await gate.pass(calling(), late).catch(() => undefined);

    await expect(gate.pass(calling(), answers)).rejects.toMatchObject(heldBack);
  });

  it('is called as before when it answered in between', async () => {
    const gate = aGate();
    await silenced(gate, 2);
    await gate.pass(calling(), answers);
    await silenced(gate, 2);

    await expect(gate.pass(calling(), answers)).resolves.toBe('answered');
  });
});
