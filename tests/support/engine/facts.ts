import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the global set-up made for this run. Each process of the run reads it from the path in the environment variable. */
export interface Facts {
  /** Removed when the run ends; processes that still run on it are ended. */
  readonly runDir: string;
  /** The migrated database that is cloned. No connection to it may be open. */
  readonly template: { readonly name: string; readonly superuserUrl: string };
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  readonly temporal: { readonly address: string; readonly binary: string; readonly namespaces: readonly string[] };
  /** The path of the workflows' code, for \`workflowBundle: { codePath }\`. */
  readonly workflowBundle: string;
  /** The folder of the built api and worker. */
  readonly built: string;
}

export const factsVariable = 'VENDOR_PORTALS_TEST_FACTS';

export function facts(): Facts {
  const path = process.env[factsVariable];
  if (path === undefined) throw new Error('The global set-up of the tests has not run.');
  return JSON.parse(readFileSync(path, 'utf8')) as Facts;
}

/** A namespace that no other file uses at the same time, for tests that list Schedules or workflows. */
export const ownNamespace = () => `test-${process.env['JEST_WORKER_ID'] ?? '1'}`;

/** A data folder for servers of the test itself. Servers that the test leaves running end with the run. */
export const engineFolder = (name: string) => join(facts().runDir, 'engines', name);
