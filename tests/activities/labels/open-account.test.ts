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
    [{ kind: 'auth_failed' }, { type: 'label_account_unauthorized', nonRetryable: true, status: 'unauthorized' }],
    [{ kind: 'unavailable' }, { type: 'label_provider_unreachable', nonRetryable: false, status: 'failing' }],
    [
      { kind: 'rate_limited', retryAfter: 7 },
      { type: 'label_provider_unreachable', nonRetryable: false, status: 'failing' },
    ],
    [{ kind: 'unknown_outcome' }, { type: 'label_outcome_unknown', nonRetryable: false, status: 'failing' }],
    [refused('address_not_deliverable'), { type: 'address_not_deliverable', nonRetryable: true, status: 'ok' }],
    [refused('label_refused'), { type: 'label_refused', nonRetryable: true, status: 'ok' }],
    [refused('invalid_request'), { type: 'label_refused', nonRetryable: true, status: 'ok' }],
    [refused('balance_too_low'), { type: 'balance_too_low', nonRetryable: true, status: 'failing' }],
    [refused('rate_expired'), { type: 'rate_expired', nonRetryable: true, status: 'ok' }],
    [refused('label_scanned'), { type: 'label_scanned', nonRetryable: true, status: 'ok' }],
  ] as [LabelFault, { type: string; nonRetryable: boolean; status: string }][])(
    '%j becomes %j',
    async (fault, expected) => {
      const { use, health, labelAccountId } = await anOpened();
      const { status, ...failed } = expected;

      const failure = await use(failing(fault)).catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ ...failed, details: [{ credentialsVersion: 1, labelAccountId }] });
      expect(await health()).toMatchObject({ status, code: status === 'ok' ? null : failed.type });
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
