import type { App } from './deps.ts';
import { accountScheduleRoutes } from './routes/account-schedules.ts';
import { accountRoutes } from './routes/accounts.ts';
import { attentionRoutes } from './routes/attentions.ts';
import { auditRoutes } from './routes/audit.ts';
import { brandRoutes } from './routes/brand.ts';
import { cancelAnswerRoutes } from './routes/cancel-answers.ts';
import { cancelRoutes } from './routes/cancels.ts';
import { carrierRoutes } from './routes/carriers.ts';
import { channelRoutes } from './routes/channels.ts';
import { connectionRoutes } from './routes/connections.ts';
import { documentRoutes } from './routes/documents.ts';
import { supplierResponseRoutes } from './routes/supplier-response.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { exportRoutes } from './routes/exports.ts';
import { goLiveRoutes } from './routes/go-live.ts';
import { hookRoutes } from './routes/hooks.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { keyRoutes } from './routes/keys.ts';
import { labelRoutes } from './routes/labels.ts';
import { labelAccountRoutes } from './routes/label-accounts.ts';
import { listingRoutes } from './routes/listings.ts';
import { memberRoutes } from './routes/members.ts';
import { meRoutes } from './routes/me.ts';
import { lineProductRoutes } from './routes/line-products.ts';
import { orderBatchRoutes } from './routes/order-batches.ts';
import { orderEditRoutes } from './routes/order-edits.ts';
import { orderEventRoutes } from './routes/order-events.ts';
import { orderRowRoutes } from './routes/order-rows.ts';
import { orderRoutes } from './routes/orders.ts';
import { packingSlipRoutes } from './routes/packing-slips.ts';
import { printJobRoutes } from './routes/print-jobs.ts';
import { productRoutes } from './routes/products.ts';
import { rateRoutes } from './routes/rates.ts';
import { retentionRoutes } from './routes/retention.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { sessionRoutes } from './routes/session.ts';
import { shipmentBatchRoutes } from './routes/shipment-batch.ts';
import { shipmentChangeRoutes } from './routes/shipment-changes.ts';
import { shipmentRoutes } from './routes/shipments.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { splitRoutes } from './routes/splits.ts';
import { stockAdjustmentRoutes } from './routes/stock-adjustments.ts';
import { stockRoutes } from './routes/stock.ts';
import { summaryRoutes } from './routes/summary.ts';
import { supportRoutes } from './routes/support.ts';
import { supplierRoutes } from './routes/suppliers.ts';
import { taskRoutes } from './routes/tasks.ts';
import { templateRoutes } from './routes/templates.ts';
import { warehouseRoutes } from './routes/warehouses.ts';

/** Every resource under /v1, one line each. */
export const routes: readonly ((app: App) => void | Promise<void>)[] = [
  accountRoutes,
  keyRoutes,
  auditRoutes,
  meRoutes,
  signInRoutes,
  sessionRoutes,
  memberRoutes,
  invitationRoutes,
  connectionRoutes,
  supplierRoutes,
  goLiveRoutes,
  warehouseRoutes,
  channelRoutes,
  productRoutes,
  listingRoutes,
  stockRoutes,
  stockAdjustmentRoutes,
  summaryRoutes,
  orderRoutes,
  orderRowRoutes,
  orderBatchRoutes,
  documentRoutes,
  orderEventRoutes,
  erasureRoutes,
  retentionRoutes,
  exportRoutes,
  orderEditRoutes,
  lineProductRoutes,
  cancelRoutes,
  cancelAnswerRoutes,
  splitRoutes,
  supplierResponseRoutes,
  shipmentRoutes,
  shipmentChangeRoutes,
  shipmentBatchRoutes,
  labelRoutes,
  carrierRoutes,
  brandRoutes,
  packingSlipRoutes,
  printJobRoutes,
  labelAccountRoutes,
  rateRoutes,
  scheduleRoutes,
  accountScheduleRoutes,
  taskRoutes,
  templateRoutes,
  attentionRoutes,
  supportRoutes,
  hookRoutes,
];
