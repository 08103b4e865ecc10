import { createStep, type StepResult } from './attention.ts';

export type PushShipmentInput = { orderId: string; shipmentId: string };
export type PushShipmentResult = { outcome: StepResult<unknown>['outcome'] };

/** A merchant's own shipment on its way to the shop: the same step as the last one of a dropship. */
export async function pushShipment(input: PushShipmentInput): Promise<PushShipmentResult> {
  const step = createStep(input);
  const { outcome } = await step('push', (activities) => activities.pushShipment(input));
  return { outcome };
}
