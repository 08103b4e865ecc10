import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endEverything } from '../../../standalone/engine.ts';
import { homeOf } from '../../../standalone/postgres/files.ts';

/** Ends all processes on a test run's folder and removes the folder. */
export async function removeRun(runDir: string): Promise<void> {
  const engines = join(runDir, 'engines');
  const own = existsSync(engines) ? readdirSync(engines).map((name) => join(engines, name)) : [];
  for (const dataDir of [...own, runDir]) {
    await endEverything(dataDir);
    const cluster = join(dataDir, 'postgres');
    if (existsSync(cluster)) rmSync(homeOf(cluster), { recursive: true, force: true });
  }
  rmSync(runDir, { recursive: true, force: true });
}
