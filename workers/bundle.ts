import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker';

const silent = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: console.error,
};

/** Stack traces need only file names and lines. The sources would be half of the bundle, in each worker's memory. */
const withoutSources: NonNullable<BundleOptions['webpackConfigHook']> = (config) => ({
  ...config,
  devtool: 'inline-nosources-source-map',
});

/** The workflows' code as one script; takes 1 to 2 seconds. @param extension `.ts` in the sources, `.js` in the build */
export async function bundleWorkflows(
  extension: '.ts' | '.js' = import.meta.filename.endsWith('.ts') ? '.ts' : '.js',
): Promise<string> {
  const workflowsPath = fileURLToPath(new URL(`../workflows/index${extension}`, import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent, webpackConfigHook: withoutSources });
  return code;
}

/** Writes the bundle to a file, atomically. */
export async function buildBundle(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, await bundleWorkflows());
  await rename(`${path}.new`, path);
}
