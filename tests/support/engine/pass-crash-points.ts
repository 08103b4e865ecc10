import { createCrashPoint, type CrashPointName } from '../../../db/engine/crash-point.ts';

// Passes the points it is given, in turn, and says so after each: what is missing from the output was never reached.
const [at, mark, ...names] = process.argv.slice(2);
const crashPoint = createCrashPoint({ at: at || undefined, mark: mark || undefined });
for (const name of names) {
  crashPoint(name as CrashPointName);
  process.stdout.write(`${name}\n`);
}
