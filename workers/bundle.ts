import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** The workflows' code as one script; takes 1 to 2 seconds. */
async function bundleWorkflows(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent, webpackConfigHook: withoutSources });
  return code;
}

/** Writes the bundle to a file. */
export async function buildBundle(path: string, workflowsPath: string): Promise<void> {
  await writeFile(path, await bundleWorkflows(workflowsPath));
}

/** The built worker has its bundle beside it. A worker that runs from the sources bundles them at its start. */
export async function workflowBundle(): Promise<{ code: string } | { codePath: string }> {
  if (!import.meta.filename.endsWith('.ts')) return { codePath: join(import.meta.dirname, '../workflow-bundle.js') };
  return { code: await bundleWorkflows(join(import.meta.dirname, '../workflows/index.ts')) };
}
