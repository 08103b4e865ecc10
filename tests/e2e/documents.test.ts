import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { storeBytes, storeDocument } from '../../db/documents/documents.ts';
import { s3Bucket } from '../../db/documents/s3.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { onDatabase, type ClonedDatabase } from '../support/engine/database.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { processEnvironment, startProcess, type RealProcess } from '../support/engine/processes.ts';
import { restClient } from '../support/engine/rest.ts';
import { startS3Server } from '../support/fakes/s3-server.ts';

let pool: Pool;
let database: ClonedDatabase;
onDatabase(3, (opened, cloned) => {
  pool = opened;
  database = cloned;
});
const s3 = forTheFile(startS3Server);
const processes = forTheFile(async () => {
  const env = processEnvironment(database, {
    DOCUMENTS_S3_ENDPOINT: s3.endpoint,
    DOCUMENTS_S3_BUCKET: s3.bucket,
    DOCUMENTS_S3_KEY: s3.key,
    DOCUMENTS_S3_SECRET: s3.secret,
  });
  const [api, worker] = await Promise.all(
    (['api/main.ts', 'workers/main.ts'] as const).map((entry) => startProcess({ entry, env })),
  );
  const stop = () => Promise.all([api!.stop(), worker!.stop()]);
  return { api: api as RealProcess, operatorKey: env['OPERATOR_KEY']!, stop };
});

it('with a store by its environment, the api reads documents from it', async () => {
  const operator = restClient(processes.api.url, processes.operatorKey);
  const { id: accountId } = await operator.post<{ id: string }>('/accounts', { name: 'A company' });
  const { key } = await operator.post<{ key: string }>('/keys', { accountId, name: 'own', scopes: ['read'] });
  const store = { bucket: s3Bucket(s3) };
  const bytes = randomBytes(5_000);
  const stored = await storeBytes(store, accountId, { kind: 'print_job', bytes });
  const id = await withAccount(pool, accountId, (db) =>
    storeDocument(db, store, { bytes: stored, mediaType: 'application/pdf' }),
  );

  const answer = await fetch(`${processes.api.url}/v1/documents/${id}`, {
    headers: { authorization: `Bearer ${key}` },
  });

  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  expect(processes.api.logs()).not.toContain(s3.secret);
});
