import type { Pool } from '../../db/engine/pool.ts';
import type { Sealer } from '../../db/engine/sealing.ts';
import { buildApp } from '../app.ts';
import type { Workflows } from '../../temporal/client.ts';

/** The OpenAPI document as it is stored. The application is built for it, and never serves a request. */
export async function openApiText(): Promise<string> {
  const app = await buildApp({
    pool: {} as Pool,
    workflows: {} as Workflows,
    sealer: {} as Sealer,
    operatorKey: '',
    keyPepper: '-',
    allowedPrivateHosts: [],
  });
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}
