import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync, formatMessagesSync, stop, type BuildFailure, type BuildOptions } from 'esbuild';
import type { Progress } from '../progress.ts';
import { StartError } from '../start-error.ts';
import { cached, hashOf } from './cache.ts';

const rooms = ['domain', 'workflows', 'activities', 'temporal', 'workers', 'api', 'db'];
/** Each becomes one file, so that a start reads one instead of hundreds. */
const entries = [
  'api/main.ts',
  'api/files/void-process.ts',
  'workers/main.ts',
  'activities/paper/thread.mjs',
  'db/migrate.ts',
  'standalone/portal-link.ts',
  'standalone/keys-command.ts',
  'standalone/audit-verify.ts',
  'standalone/backup-command.ts',
];
/** Read at run time, beside the thread that prints. */
const templates = 'activities/paper/templates';
const sources = /\.(ts|mjs|typ)$/;
const shared = ['config.ts', 'log.ts', 'tsconfig.json', 'package-lock.json'];

const options = {
  bundle: true,
  // Packages have native modules and files of their own, so they stay where they are.
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outbase: '.',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'silent',
} satisfies BuildOptions;

/**
 * The folder of the built api, worker and migrations of these sources. Made when the sources have changed. Types are
 * checked elsewhere.
 * @throws StartError naming the file and line that cannot be built
 */
export function readyCode(root: string, progress: Progress): Promise<string> {
  const keyOf = () => hashOf(root, [...rooms, ...shared, 'standalone/build/code.ts'], sources);
  const make = (path: string) => progress.stage('the code is built', () => buildCode(root, path));
  return cached({ folder: cacheOf(root), name: 'code', keyOf, make });
}

/** Builds into a folder. The worker finds the workflows' bundle in it. */
export async function buildCode(root: string, folder: string): Promise<void> {
  await esbuild({ absWorkingDir: root, entryPoints: entries, outdir: folder });
  cpSync(join(root, templates), join(folder, templates), { recursive: true });
  copyFileSync(await readyBundle(root), join(folder, 'workflow-bundle.js'));
}

async function esbuild(wanted: BuildOptions): Promise<void> {
  try {
    buildSync({ ...options, ...wanted });
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    throw new StartError(`The code cannot be built.\n${formatMessagesSync(errors, { kind: 'error' }).join('')}`);
  } finally {
    await stop();
  }
}

/** Of its own key, since a bundle takes two seconds and most changes are in other rooms. */
function readyBundle(root: string): Promise<string> {
  const keyOf = () => hashOf(root, ['workflows', 'domain', 'workers/bundle.ts', 'workers/build-bundle.ts', ...shared]);
  return cached({ folder: cacheOf(root), name: 'workflows', keyOf, make: (path) => bundle(root, path) });
}

/** In a process of its own: the bundler's hundred megabytes are free again after it. */
async function bundle(root: string, path: string): Promise<void> {
  // Names a faulty line in three lines. The bundler needs fifty.
  await esbuild({ absWorkingDir: root, entryPoints: ['workflows/index.ts'], outdir: '.', write: false });
  const words = ['standalone/run.mjs', 'workers/build-bundle.ts', path];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let faults = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new StartError(`The workflows cannot be bundled.\n${faults}`);
}

const cacheOf = (root: string) => join(root, '.vendor-portals/built');
