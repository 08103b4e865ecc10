import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { withLabelAccount } from '../../../activities/labels/open-account.ts';
import { LabelError, type LabelFault } from '../../../activities/labels/provider.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { deleteLabelAccount, requireLabelAccount } from '../../../db/labels/accounts.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { anAccount } from '../../support/trade/database-trade.ts';
import { aLabelAccount, labelDeps } from '../../support/trade/label-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => {
  pool = opened;
});

async function anOpened() {
  const accountId = await anAccount(pool);
  const labelAccountId = await aLabelAccount(pool, accountId);
  const inside = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, accountId, work);
  return {
    labelAccountId,
    accountId,
    use: (work: () => Promise<unknown>) => withLabelAccount(labelDeps(pool), { accountId, labelAccountId }, work),
    health: async () => (await inside((db) => requireLabelAccount(db, labelAccountId))).health,
    inside,
  };
}
const failing = (fault: LabelFault) => () => Promise.reject(new LabelError(fault));
const refused = (code: (LabelFault & { kind: 'refused' })['code']): LabelFault => ({ kind: 'refused', code });

describe('a fault of a provider', () => {
  it.each([
    [{ kind: 'auth_failed' }, 'label_account_unauthorized', 'unauthorized', true],
    [{ kind: 'unavailable' }, 'label_provider_unreachable', 'failing', false],
    [{ kind: 'rate_limited', retryAfter: 7 }, 'label_provider_unreachable', 'failing', false],
    [{ kind: 'unknown_outcome' }, 'label_outcome_unknown', 'failing', false],
    [refused('address_not_deliverable'), 'address_not_deliverable', 'ok', true],
    [refused('label_refused'), 'label_refused', 'ok', true],
    [refused('invalid_request'), 'label_refused', 'ok', true],
    [refused('balance_too_low'), 'balance_too_low', 'failing', true],
    [refused('rate_expired'), 'rate_expired', 'ok', true],
    [refused('label_scanned'), 'label_scanned', 'ok', true],
  ] as [LabelFault, string, string, boolean][])(
    '%j becomes the failure %s; the label account is %s; for good: %s',
    async (fault, type, status, nonRetryable) => {
      const { use, health, labelAccountId } = await anOpened();

      const failure = await use(failing(fault)).catch((error: unknown) => error as ApplicationFailure);

      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ type, nonRetryable, details: [{ credentialsVersion: 1, labelAccountId }] });
      expect(await health()).toMatchObject({ status, code: status === 'ok' ? null : type });
    },
  );

  it('that limits our calls is tried again when the provider says', async () => {
    const { use } = await anOpened();

    await expect(use(failing({ kind: 'rate_limited', retryAfter: 7 }))).rejects.toMatchObject({
      nextRetryDelay: 7_000,
    });
    await expect(use(failing({ kind: 'rate_limited', retryAfter: 86_400 }))).rejects.toMatchObject({
      nextRetryDelay: 300_000,
    });
  });
});

describe('a label account', () => {
  it('is healthy again after a call that works, and stays as it is on a fault of ours', async () => {
    const { use, health } = await anOpened();
    await use(failing({ kind: 'unavailable' })).catch(() => undefined);

    await expect(use(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError);
    const before = await health();
    await use(() => Promise.resolve());

    expect(before.status).toBe('failing');
    expect(await health()).toMatchObject({ status: 'ok', code: null });
  });

  it('that is removed, or of another account, is not opened', async () => {
    const { use, inside, labelAccountId } = await anOpened();
    const stranger = { accountId: await anAccount(pool), labelAccountId };

    await expect(withLabelAccount(labelDeps(pool), stranger, async () => 1)).rejects.toMatchObject({
      code: 'label_account_not_found',
    });
    await inside((db) => deleteLabelAccount(db, labelAccountId));
    await expect(use(() => Promise.resolve())).rejects.toMatchObject({ code: 'label_account_not_found' });
  });
});
