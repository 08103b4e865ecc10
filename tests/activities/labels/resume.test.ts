import { describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { createLabelResumeActivities } from '../../../activities/labels/resume.ts';
import { listAttentionsOfOrders, raiseAttention } from '../../../db/attentions.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, withSystem } from '../../../db/engine/with-account.ts';
import { changeLabelAccount } from '../../../db/labels/accounts.ts';
import { listLabelAccountsBehind } from '../../../db/labels/behind.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';
import { aLabelAccount, labelDeps } from '../../support/trade/label-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => {
  pool = opened;
});

/** An order with a parked label. @returns the id of its workflow */
async function aParkedLabel(labelAccountId: string, credentialsVersion = 1) {
  const merchant = await aMerchant(pool);
  const incoming = anIncomingOrder([{ sku: await aSku(pool, merchant.accountId) }]);
  const { orderId } = await storeOrderFor(pool, merchant, incoming);
  const workflowId = `label/lbl_${orderId}`;
  await withAccount(pool, merchant.accountId, (db) =>
    raiseAttention(db, {
      orderId,
      labelAccountId,
      credentialsVersion,
      workflowId,
      step: 'label',
      code: 'label_account_unauthorized',
    }),
  );
  const open = async () => (await withAccount(pool, merchant.accountId, (db) => listAttentionsOfOrders(db, [orderId]))).length; // prettier-ignore
  return { workflowId, open };
}

/** A label account, perhaps with newer credentials than those that its parked labels had. */
async function anAccountWith({ hasNewCredentials }: { hasNewCredentials: boolean }) {
  const { accountId } = await aMerchant(pool);
  const id = await aLabelAccount(pool, accountId);
  const give = () =>
    withAccount(pool, accountId, (db) => changeLabelAccount(db, labelDeps(pool).sealer, { id, credentials: {} }));
  if (hasNewCredentials) await give();
  return { id, give };
}

/** @param gone workflows that Temporal does not know */
function resumes(gone: readonly string[] = []) {
  const signalled: string[] = [];
  const signal = (workflowId: string) => async (_signal: unknown, resolution: unknown) => {
    if (gone.includes(workflowId)) throw new WorkflowNotFoundError('gone', workflowId, undefined);
    expect(resolution).toEqual({ action: 'retry', by: 'credentials' });
    signalled.push(workflowId);
  };
  const client = { workflow: { getHandle: (workflowId: string) => ({ signal: signal(workflowId) }) } };
  const { resumeBehindLabelAccount } = createLabelResumeActivities(labelDeps(pool, { client: client as never }));
  return { signalled, resumeBehindLabelAccount };
}

describe('labels that are parked behind a label account', () => {
  it('resume with its new credentials, also in the account of a supplier that it is lent to, five at a time', async () => {
    const { id: labelAccountId } = await anAccountWith({ hasNewCredentials: true });
    const parked: string[] = [];
    for (let index = 0; index < 7; index += 1) parked.push((await aParkedLabel(labelAccountId)).workflowId);
    const { signalled, resumeBehindLabelAccount } = resumes();

    const first = await resumeBehindLabelAccount({ labelAccountId, progress: { after: null } });
    const second = await resumeBehindLabelAccount({ labelAccountId, progress: first.progress });

    expect([first.more, second.more]).toEqual([true, false]);
    expect(signalled).toEqual(parked);
  });

  it('wait while it has none, and where they have parked with the new ones', async () => {
    const { id: labelAccountId, give } = await anAccountWith({ hasNewCredentials: false });
    await aParkedLabel(labelAccountId, 1);
    const { signalled, resumeBehindLabelAccount } = resumes();
    const resume = () => resumeBehindLabelAccount({ labelAccountId, progress: { after: null } });
    const behind = () => withSystem(pool, (db) => listLabelAccountsBehind(db, 100));

    await resume();
    expect(signalled).toEqual([]);
    expect(await behind()).not.toContain(labelAccountId);
    await give();
    await aParkedLabel(labelAccountId, 2);
    expect(await behind()).toContain(labelAccountId);
    await resume();

    expect(signalled).toHaveLength(1);
  });

  it('whose workflow was ended by hand wait no more', async () => {
    const { id: labelAccountId } = await anAccountWith({ hasNewCredentials: true });
    const { workflowId, open } = await aParkedLabel(labelAccountId);
    expect(await open()).toBe(1);

    await resumes([workflowId]).resumeBehindLabelAccount({ labelAccountId, progress: { after: null } });

    expect(await open()).toBe(0);
  });
});
