import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Progress } from '../progress.ts';
import { StartError } from '../start-error.ts';
import { cached, hashOf } from './cache.ts';

/** All that the page is made of. Of the generated client it takes types only. */
const sources = ['portal/src', 'portal/public', 'portal/index.html', 'portal/vite.config.ts', 'package-lock.json', 'standalone/build/portal.ts']; // prettier-ignore

/**
 * The folder of the built portal of these sources. Made when they have changed, in seconds.
 * @throws StartError naming the file that cannot be built
 */
export function readyPortal(root: string, progress: Progress): Promise<string> {
  const folder = join(root, '.vendor-portals/built');
  const keyOf = () => hashOf(root, sources, /\.(tsx?|css|svg)$/);
  const make = (path: string) => progress.stage('the portal is built', () => buildPortal(root, path));
  return cached({ folder, name: 'portal', keyOf, make });
}

/** Builds into a folder. In a process of its own: the bundler's memory is free again after it. */
export async function buildPortal(root: string, folder: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  // Each build has a folder of its own, so that others may build at the same time.
  const output = ['--outDir', folder, '--emptyOutDir', '--bypass-lock'];
  const words = [vite, 'build', join(root, 'portal'), ...output, '--logLevel', 'error'];
  // Whatever this process is: elsewhere React is built with its checks, and half as large again.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let faults = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new StartError(`The portal cannot be built.\n${faults}`);
}
