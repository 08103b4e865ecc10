import type { FastifyRequest } from 'fastify';
import { listDueChannels } from '../../db/stock/due-channels.ts';
import { readInAccount } from '../../db/engine/with-account.ts';
import type { AppDeps } from '../deps.ts';

/** Accounts whose channels are being told, and whether their stock changed again meanwhile. */
const telling = new WeakMap<AppDeps, Map<string, { again: boolean }>>();

/**
 * Runs Write Inventory Back soon on those of the account's channels that are `instant` and have something to write.
 * Nobody waits for it and it never fails: every other run of the task does the same. A burst of changes is told once
 * while the first is being told, and once after it.
 */
export function triggerWriteBack({ server: { deps }, actor: { accountId }, log }: FastifyRequest): void {
  const accounts = telling.get(deps) ?? new Map<string, { again: boolean }>();
  telling.set(deps, accounts);
  const current = accounts.get(accountId);
  if (current) {
    current.again = true;
    return;
  }
  triggerDue(deps, accountId, accounts).catch((error: unknown) =>
    log.warn({ accountId, cause: (error as Error).name }, 'write-back left to the sweep'),
  );
}

async function triggerDue(deps: AppDeps, accountId: string, accounts: Map<string, { again: boolean }>): Promise<void> {
  const task = 'write_inventory';
  const turn = { again: false };
  accounts.set(accountId, turn);
  try {
    do {
      turn.again = false;
      const channelIds = await readInAccount(deps.pool, accountId, (db) => listDueChannels(db));
      await Promise.all(
        channelIds.map((channelId) => deps.workflows.triggerSoon({ channelId, task }, { onlyInstant: true })),
      );
    } while (turn.again);
  } finally {
    accounts.delete(accountId);
  }
}
