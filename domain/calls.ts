/**
 * How calls to shops and providers share a worker. Each call may hang, so no account and no host may hold the slots that
 * others need, and one that does not answer is asked ever more rarely.
 */

/** Of one channel or label account, at the same time. Further calls wait in its line. */
export const callsAtOnce = 20;
/** Time-outs in a row after which calls are held back. */
const timeOutsToHold = 3;
const shortestHoldMs = 10_000;
const longestHoldMs = 5 * 60_000;

/**
 * An account may use as many slots as are free. So one alone gets half of them, two get a third each, and some are free for
 * whoever comes next. Many accounts share a host, so it gets three times as many: an account alone cannot fill it.
 * @param slots `all`: of the worker; `taken`: of them; `byAccount`, `byHost`: taken by the call's account and host
 */
export const mayEnter = (slots: { all: number; taken: number; byAccount: number; byHost: number }): boolean => {
  const free = slots.all - slots.taken;
  return slots.byAccount < free && slots.byHost < 3 * free;
};

/** @param timeOuts in a row */
export const isHeldBack = (timeOuts: number): boolean => timeOuts >= timeOutsToHold;

/** Until the next probe, in milliseconds; 0 while calls go on. */
export const holdMs = (timeOuts: number): number =>
  isHeldBack(timeOuts) ? Math.min(shortestHoldMs * 2 ** (timeOuts - timeOutsToHold), longestHoldMs) : 0;
