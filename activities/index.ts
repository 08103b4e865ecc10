import { createAttentionActivities } from './attention.ts';
import { createCancelOrderActivities } from './cancel-orders.ts';
import { createCancelActivities } from './cancels.ts';
import { createChannelActivities } from './channel-check.ts';
import type { Deps } from './deps.ts';
import { createDecisionActivities } from './decisions.ts';
import { createDropshipActivities } from './dropships.ts';
import { createImportOrderActivities } from './import-orders.ts';
import { createImportProductActivities } from './import-products.ts';
import { createReconcileActivities } from './reconcile-schedules.ts';
import { createSetUpActivities } from './set-up.ts';
import { createShipmentActivities } from './shipments.ts';
import { createSplitActivities } from './splits.ts';
import { createWithdrawalActivities } from './stock-withdrawal.ts';
import { createSweepActivities } from './sweep.ts';
import { createTaskActivities } from './tasks.ts';
import { createWriteInventoryActivities } from './write-inventory.ts';

/** Every activity of the house, with what it works with. Workflows import the type alone. */
export const createActivities = (deps: Deps) => ({
  ...createAttentionActivities(deps),
  ...createCancelOrderActivities(deps),
  ...createCancelActivities(deps),
  ...createChannelActivities(deps),
  ...createDecisionActivities(deps),
  ...createDropshipActivities(deps),
  ...createImportOrderActivities(deps),
  ...createImportProductActivities(deps),
  ...createReconcileActivities(deps),
  ...createSetUpActivities(deps),
  ...createShipmentActivities(deps),
  ...createSplitActivities(deps),
  ...createSweepActivities(deps),
  ...createTaskActivities(deps),
  ...createWithdrawalActivities(deps),
  ...createWriteInventoryActivities(deps),
});

export type Activities = ReturnType<typeof createActivities>;
