import { describe, expect, it } from '@jest/globals';
import { createAttentionActivities } from '../../../activities/attention.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createDropshipActivities } from '../../../activities/dropships/import.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { isImported } from '../../../domain/dropships/dropship.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

describe('an import that parks', () => {
  const cutAt = async (point: CrashPointName) => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId });
    const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]));
    const subject = { orderId, dropshipId: dropshipIds[0]! };
    const crashPoint = (passed: string) => {
      if (passed === point) throw new Error('cut');
    };
    const deps = { pool, sealer: createSealer(Buffer.alloc(32).toString('base64')), crashPoint } as unknown as Deps;
    await expect(createDropshipActivities(deps).importDropship(subject)).rejects.toThrow('cut');

    const parked = { ...subject, workflowId: `dropship/${subject.dropshipId}`, step: 'import' } as const;
    await createAttentionActivities(deps).raiseAttention({ ...parked, code: 'database_unavailable' });

    return isImported(await withAccount(pool, merchant.accountId, (db) => requireOrder(db, orderId)));
  };

  it('leaves the order to its merchant while the supplier does not have it', async () => {
    expect(await cutAt('copy.read-done')).toBe(false);
  });

  it('keeps the order as it is once the supplier has it, though the merchant’s rows do not show it', async () => {
    expect(await cutAt('supplier-order.committed')).toBe(true);
  });
});
