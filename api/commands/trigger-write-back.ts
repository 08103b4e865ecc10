import type { FastifyRequest } from 'fastify';
import { listDueChannels } from '../../db/stock/due-channels.ts';
import { readOnce } from '../../db/engine/with-account.ts';
import type { AppDeps } from '../deps.ts';

/** Accounts whose channels are being triggered now. `again`: their stock has changed once more meanwhile. */
const triggering = new WeakMap<AppDeps, Map<string, { again: boolean }>>();

/**
 * Runs Write Inventory Back soon on the account's channels that are `instant` and have figures to write. The caller does
 * not wait for it, and it never throws: each other run of the task writes the same figures. Changes that come during a
 * trigger cause one more trigger after it.
 * @param accountId left out: the caller's account
 */
export function triggerWriteBack(
  { server: { deps }, actor, log }: FastifyRequest,
  accountId: string = actor.accountId,
): void {
  const accounts = triggering.get(deps) ?? new Map<string, { again: boolean }>();
  triggering.set(deps, accounts);
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
      const channelIds = await readOnce(deps.pool, accountId, (db) => listDueChannels(db));
      await Promise.all(
        channelIds.map((channelId) => deps.workflows.triggerSoon({ channelId, task }, { onlyInstant: true })),
      );
    } while (turn.again);
  } finally {
    accounts.delete(accountId);
  }
}
