import { createCrashPoint, type CrashPointName } from '../../../db/engine/crash-point.ts';

// Passes the given points in turn and prints each name afterwards. A name that is missing was not reached.
const [at, mark, ...names] = process.argv.slice(2);
const crashPoint = createCrashPoint({ at: at || undefined, mark: mark || undefined });
for (const name of names) {
  crashPoint(name as CrashPointName);
  process.stdout.write(`${name}\n`);
}
