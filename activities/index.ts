import { createAttentionActivities } from './attention.ts';
import { createBrandActivities } from './paper/brand-copy.ts';
import { createCancelOrderActivities } from './tasks/cancel-orders.ts';
import { createCancelActivities } from './dropships/cancels.ts';
import { createChannelActivities } from './channel-check.ts';
import { createLabelActivities } from './labels/index.ts';
import { createLabelAccountActivities } from './labels/check.ts';
import { createRateActivities } from './labels/rate.ts';
import { createLabelResumeActivities } from './labels/resume.ts';
import type { Deps } from './deps.ts';
import { createSupplierResponseActivities } from './dropships/supplier-response.ts';
import { createErasureActivities } from './reconcile/erase-orders.ts';
import { createDropshipActivities } from './dropships/import.ts';
import { createImportOrderActivities } from './tasks/import-orders.ts';
import { createImportProductActivities } from './tasks/import-products.ts';
import { createPackingSlipActivities } from './paper/packing-slip.ts';
import { createPrintJobActivities } from './paper/print-job.ts';
import { createPruneActivities } from './reconcile/prune.ts';
import { createReconcileActivities } from './reconcile/reconcile-schedules.ts';
import { renderPages } from './paper/render.ts';
import { createSetUpActivities } from './set-up.ts';
import { createShipmentActivities } from './dropships/shipments.ts';
import { createSplitActivities } from './dropships/splits.ts';
import { createWebhookActivities } from './webhooks.ts';
import { createWithdrawalActivities } from './stock-withdrawal.ts';
import { createSweepActivities } from './reconcile/sweep.ts';
import { createTaskActivities } from './tasks/tasks.ts';
import { createWriteInventoryActivities } from './tasks/write-inventory.ts';

/** All activities, bound to their dependencies. Workflows import the type only. */
export const createActivities = (deps: Deps) => ({
  ...createAttentionActivities(deps),
  ...createBrandActivities(deps),
  ...createCancelOrderActivities(deps),
  ...createCancelActivities(deps),
  ...createChannelActivities(deps),
  ...createLabelActivities(deps),
  ...createLabelAccountActivities(deps),
  ...createLabelResumeActivities(deps),
  ...createRateActivities(deps),
  ...createSupplierResponseActivities(deps),
  ...createDropshipActivities(deps),
  ...createErasureActivities(deps),
  ...createImportOrderActivities(deps),
  ...createImportProductActivities(deps),
  ...createPackingSlipActivities(deps, renderPages),
  ...createPrintJobActivities(deps, renderPages),
  ...createPruneActivities(deps),
  ...createReconcileActivities(deps),
  ...createSetUpActivities(deps),
  ...createShipmentActivities(deps),
  ...createSplitActivities(deps),
  ...createSweepActivities(deps),
  ...createTaskActivities(deps),
  ...createWebhookActivities(deps),
  ...createWithdrawalActivities(deps),
  ...createWriteInventoryActivities(deps),
});

export type Activities = ReturnType<typeof createActivities>;
