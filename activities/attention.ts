import type { ParkingStep, ResolutionAction } from '../domain/attention.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { raiseAttention, closeWithEvent } from '../db/attentions.ts';
import { freeImport } from '../db/dropships/imports.ts';
import { insertOrderEvent } from '../db/orders/events.ts';
import { channelOfOrder, findReceivedOrder } from '../db/orders/orders.ts';
import { readInAccount, withAccount } from '../db/engine/with-account.ts';
import type { Deps } from './deps.ts';
import { ownerOfOrder, partiesOf } from './owners.ts';
import type { Subject } from '../workflows/messages.ts';

type Raise = Subject & {
  workflowId: string;
  step: ParkingStep;
  code: ErrorCode;
  credentialsVersion?: number;
  labelAccountId?: string;
};
type Closing = Subject & { workflowId: string; action: ResolutionAction; by: string };

export const createAttentionActivities = (deps: Deps) => ({
  raiseAttention: (raise: Raise) => sayParked(deps, raise),
  closeAttention: (closing: Closing) => close(deps, closing),
});

/** An attention belongs to the merchant, since it is the merchant's order that waits. */
async function placeOf(
  { pool }: Deps,
  { orderId, dropshipId }: Subject,
): Promise<{ accountId: string; orderId: string }> {
  if (dropshipId !== undefined) {
    const { merchantId, dropship } = await partiesOf(pool, dropshipId);
    return { accountId: merchantId, orderId: dropship.orderId };
  }
  return { accountId: await ownerOfOrder(pool, orderId!), orderId: orderId! };
}

/** Stores the attention of a parked step, with an event on its order's timeline. Idempotent. */
async function sayParked(deps: Deps, raise: Raise): Promise<void> {
  const { accountId, orderId } = await placeOf(deps, raise);
  const { dropshipId = null, shipmentId = null, labelAccountId = null, workflowId, step, code } = raise;
  const isUnread = step === 'import' && dropshipId !== null && !(await isReceived(deps, dropshipId));
  await withAccount(deps.pool, accountId, async (db) => {
    if (isUnread) await freeImport(db, dropshipId);
    const channelId = step === 'push' ? await channelOfOrder(db, orderId) : null;
    const { isNew } = await raiseAttention(db, {
      orderId,
      dropshipId,
      shipmentId,
      channelId,
      labelAccountId,
      workflowId,
      step,
      code,
      credentialsVersion: raise.credentialsVersion,
    });
    if (!isNew) return;
    await insertOrderEvent(db, {
      orderId,
      type: 'attention_raised',
      actor: { kind: 'system', id: workflowId },
      data: { step, code },
    });
  });
  deps.crashPoint('park.row-written');
}

/** The supplier may have the order although its import parked. The merchant may not change the order then. */
async function isReceived({ pool }: Deps, dropshipId: string): Promise<boolean> {
  const { supplierId } = await partiesOf(pool, dropshipId);
  return (await readInAccount(pool, supplierId, (db) => findReceivedOrder(db, dropshipId))) !== undefined;
}

/** Closes the open attention with its decision. Idempotent. */
async function close(deps: Deps, closing: Closing): Promise<void> {
  const { accountId } = await placeOf(deps, closing);
  const { workflowId, action, by } = closing;
  const actor = { kind: 'account', id: by } as const;
  await withAccount(deps.pool, accountId, (db) => closeWithEvent(db, { workflowId, action, actor }));
}
