import { ApplicationFailure } from '@temporalio/common';
import { callsAtOnce, holdMs, isHeldBack, mayEnter } from '../domain/calls.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { currentAttempt } from './failures.ts';

/**
 * Work that calls somebody outside. `targetId`: the channel or label account; `version`: of its credentials, since new ones
 * begin anew; `host`: where it goes; `silence`: the code of a target that does not answer; `details`: what a step that parks
 * needs. `isProbe`: a person wants to know whether the target answers.
 */
export type OutsideCall = {
  accountId: string;
  targetId: string;
  version: number;
  host: string;
  silence: ErrorCode;
  details: object;
  isProbe?: boolean;
  signal: AbortSignal;
};
/** For the work to say what it sees of its target. */
export type Seen = { answer: () => void; timeOut: () => void };
export type Gate = {
  /** Whether calls to the target are held back. */
  holdsBack(targetId: string): boolean;
  /** @throws ApplicationFailure `too_many_calls`, or the call's `silence`, before the work begins */
  pass<T>(call: OutsideCall, work: (seen: Seen) => Promise<T>): Promise<T>;
};

type Waiter = { take: () => void; hold: (ms: number) => void };
/** `timeOuts`: in a row. `heldUntil`: the next call after it is the probe, which alone goes on while `isProbed`. */
type Target = {
  version: number;
  running: number;
  waiting: Set<Waiter>;
  timeOuts: number;
  heldUntil: number;
  isProbed: boolean;
};
type Slots = { all: number; taken: number; of: Map<string, number> };

/** The longest wait in a target's line. Together with the call itself it is shorter than the activity's time limit. */
const longestLineMs = 5_000;
/** Work that fails after so long without an answer has met silence, whatever its client says. */
const silenceMs = 10_000;
/** While a probe is under way, others come again when it must have ended. */
const probeMs = 15_000;
const busyMs = { first: 1_000, longest: 60_000 };

/**
 * The one door to the outside, in the memory of a worker. A call beyond the share of its account or host does not wait in a
 * slot: it is refused at once and comes again, and so is a call to a target that is held back. Only the line of one target
 * is waited in, for seconds.
 */
export function createGate({ slots: all, now = Date.now }: { slots: number; now?: () => number }): Gate {
  const targets = new Map<string, Target>();
  const slots: Slots = { all, taken: 0, of: new Map() };
  const targetOf = ({ targetId, version }: OutsideCall): Target => {
    const known = targets.get(targetId);
    if (known?.version === version) return known;
    const fresh = { version, running: 0, waiting: new Set<Waiter>(), timeOuts: 0, heldUntil: 0, isProbed: false };
    targets.set(targetId, fresh);
    return fresh;
  };
  const forget = (targetId: string, target: Target) => {
    if (isIdle(target) && targets.get(targetId) === target) targets.delete(targetId);
  };

  return {
    holdsBack: (targetId) => isHeldBack(targets.get(targetId)?.timeOuts ?? 0),
    async pass(call, work) {
      const leave = enter(slots, call);
      const target = targetOf(call);
      try {
        return await asProbe(target, call, now, async () => {
          await turn(target, call);
          return observed(target, now, work).finally(() => leaveLine(target));
        });
      } finally {
        leave();
        forget(call.targetId, target);
      }
    },
  };
}

const isIdle = ({ running, waiting, timeOuts }: Target): boolean =>
  running === 0 && waiting.size === 0 && timeOuts === 0;

/** @returns what frees the slot */
function enter(slots: Slots, call: OutsideCall): () => void {
  const keys = [`account ${call.accountId}`, `host ${call.host}`] as const;
  const [byAccount, byHost] = keys.map((key) => slots.of.get(key) ?? 0) as [number, number];
  if (!mayEnter({ ...slots, byAccount, byHost })) throw busy(call);
  const count = (by: number) => {
    slots.taken += by;
    for (const key of keys) {
      const left = (slots.of.get(key) ?? 0) + by;
      if (left === 0) slots.of.delete(key);
      else slots.of.set(key, left);
    }
  };
  count(1);
  return () => count(-1);
}

/** While calls are held back, only the probe goes on. @throws ApplicationFailure for the others */
async function asProbe<T>(
  ...[target, call, now, work]: [target: Target, call: OutsideCall, now: () => number, work: () => Promise<T>]
): Promise<T> {
  if (call.isProbe || !isHeldBack(target.timeOuts)) return work();
  const leftMs = target.heldUntil - now();
  if (leftMs > 0 || target.isProbed) throw heldBack(call, leftMs > 0 ? leftMs : probeMs);
  target.isProbed = true;
  return work().finally(() => (target.isProbed = false));
}

/** Waits for a place of the target. */
async function turn(target: Target, call: OutsideCall): Promise<void> {
  const { signal } = call;
  signal.throwIfAborted();
  if (target.running < callsAtOnce) {
    target.running += 1;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const waiter: Waiter = { take: () => end(resolve), hold: (ms) => refuse(heldBack(call, ms)) };
    const refuse = (reason: Error) => end(() => reject(reason));
    const stop = () => refuse(signal.reason as Error);
    const timer = setTimeout(() => refuse(busy(call)), longestLineMs);
    const end = (then: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      target.waiting.delete(waiter);
      then();
    };
    signal.addEventListener('abort', stop);
    target.waiting.add(waiter);
  });
}

/** The first in the line gets the place. */
function leaveLine(target: Target): void {
  const [first] = target.waiting;
  if (first) first.take();
  else target.running -= 1;
}

async function observed<T>(target: Target, now: () => number, work: (seen: Seen) => Promise<T>): Promise<T> {
  const began = now();
  let isSeen = false;
  const seen: Seen = {
    answer: () => {
      isSeen = true;
      Object.assign(target, { timeOuts: 0, heldUntil: 0 });
    },
    timeOut: () => {
      isSeen = true;
      noteTimeOut(target, now());
    },
  };
  try {
    return await work(seen);
  } catch (error) {
    if (!isSeen && now() - began >= silenceMs) seen.timeOut();
    throw error;
  }
}

/** Calls that began before the target was held back say nothing new when they end. */
function noteTimeOut(target: Target, now: number): void {
  if (now < target.heldUntil) return;
  target.timeOuts += 1;
  target.heldUntil = now + holdMs(target.timeOuts);
  if (!isHeldBack(target.timeOuts)) return;
  for (const waiter of [...target.waiting]) waiter.hold(target.heldUntil - now);
}

/** Spread, so that refused calls do not come again all at once. */
const spread = (ms: number): number => Math.ceil(Math.max(ms, busyMs.first) * (1 + Math.random() / 4));

const heldBack = ({ silence, details }: OutsideCall, ms: number): ApplicationFailure =>
  ApplicationFailure.create({
    type: silence,
    message: 'It has not answered several times, so calls wait until a probe is answered.',
    nextRetryDelay: spread(ms),
    category: 'BENIGN',
    details: [details],
  });

const busy = ({ details }: OutsideCall): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'too_many_calls' satisfies ErrorCode,
    message: 'Too many calls of this account, or to this host, are under way.',
    nextRetryDelay: spread(Math.min(busyMs.first * 2 ** (currentAttempt() - 1), busyMs.longest)),
    category: 'BENIGN',
    details: [details],
  });
