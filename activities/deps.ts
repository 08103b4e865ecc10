import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DocumentStore } from '../db/documents/store.ts';
import type { CrashPoint } from '../db/engine/crash-point.ts';
import type { Pool } from '../db/engine/pool.ts';
import type { Sealer } from '../db/engine/sealing.ts';
import type { Retention } from '../domain/retention.ts';
import type { Queues } from '../workflows/names.ts';
import type { Fetch } from './channels/channel.ts';
import type { Gate } from './gate.ts';
import type { ProviderTools } from './labels/provider.ts';

/** The dependencies of all activities, made once by the worker. */
export type Deps = {
  pool: Pool;
  sealer: Sealer;
  client: Client;
  queues: Queues;
  fetch: Fetch;
  /** The calls to shops and providers that are under way. */
  gate: Gate;
  documents: DocumentStore;
  /** Where the providers of labels answer. */
  labelUrls: ProviderTools['urls'];
  now: () => Date;
  log: Logger;
  crashPoint: CrashPoint;
  /** Where shops reach our API; without it they cannot send us messages. */
  publicUrl?: string | undefined;
  /** Milliseconds between two sweeps. */
  sweepIntervalMs: number;
  retention: Retention;
};
