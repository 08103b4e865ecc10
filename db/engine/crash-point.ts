import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** The instants at which a crash would hurt most. Never in workflow code, which replays. */
export const crashPointNames = [
  'store-order.before-commit',
  'store-order.committed',
  'store-order.started',
  'webhook.inserted',
  'command.accepted',
  'import.mid-page',
  'import.page-committed',
  'route.split-committed',
  'supplier-order.committed',
  'copy.read-done',
  'shipment.supplier-committed',
  'shipment.merchant-committed',
  'push.looked-up',
  'push.sent',
  'push.read-back',
  'push.upstream-sent',
  'stock.mid-page',
  'stock.sent',
  'cancel.merchant-asked',
  'cancel.supplier-committed',
  'cancel.merchant-committed',
  'decline.supplier-committed',
  'decline.merchant-committed',
  'split.supplier-committed',
  'split.merchant-committed',
  'accept.supplier-committed',
  'reject.supplier-committed',
  'reject.merchant-committed',
  'void.committed',
  'label.prepared',
  'label.sent',
  'label.bought',
  'label.payer-committed',
  'label.bought-committed',
  'label.fetched',
  'label.stored',
  'label.shipment-recorded',
  'label.void-requested',
  'label.refund-asked',
  'label.shipment-voided',
  'rating.merchant-committed',
  'park.row-written',
  'brand.logo-copied',
  'print-job.rendered',
  'print-job.bytes-stored',
  'print-job.committed',
  'erasure.account-committed',
  'schedule.created',
  'migrate.mid',
] as const;
export type CrashPointName = (typeof crashPointNames)[number];

/** Marks an instant. It returns, or the process is dead. */
export type CrashPoint = (name: CrashPointName) => void;

/**
 * Lets a fault test kill this process at a certain instant, as a power cut would: no handlers, no flushing.
 *
 * It is in db/ because activities, api and db all pass such instants and all may import from here. There is one counter
 * per process: create it once, in `main.ts`, and pass it as a dependency.
 * @param options of config.ts: `at` is `name:n`, for the n-th pass of that point, counted from 1; `mark` is a file that
 *   gets a line before the end, on disk before the process dies, so that the test knows the point was hit
 * @returns a function that does nothing unless `at` is given
 * @throws Error for a name or count that can never be hit: the test would pass without its crash
 */
export function createCrashPoint(options: { at?: string | undefined; mark?: string | undefined }): CrashPoint {
  if (options.at === undefined) return () => undefined;
  const [, name, count] = /^([a-z.-]+):([1-9]\d*)$/.exec(options.at) ?? [];
  if (!crashPointNames.some((known) => known === name)) throw new Error(`There is no crash point ${options.at}.`);
  let left = Number(count);
  return (passed) => {
    if (passed !== name) return;
    left -= 1;
    if (left === 0) die(`${name}:${count}`, options.mark);
  };
}

function die(point: string, mark: string | undefined): never {
  if (mark !== undefined) writeMark(mark, point);
  process.kill(process.pid, 'SIGKILL');
  // The signal may take another thread first; until it arrives nothing more may happen here.
  for (;;);
}

/** Appended, so that a process restarted with the same environment shows how often it died. */
function writeMark(path: string, point: string): void {
  const file = openSync(path, 'a');
  writeSync(file, `${point}\n`);
  fsyncSync(file);
  closeSync(file);
}
