import { setHandler } from '@temporalio/workflow';
import { createStep, type StepResult } from './attention.ts';
import { shipmentChanged } from './messages.ts';

type PushShipmentInput = { orderId: string; shipmentId: string };
type PushShipmentResult = { outcome: StepResult<unknown>['outcome'] };

/** A merchant's own shipment on its way to the shop: the same step as the last one of a dropship. */
export async function pushShipment(input: PushShipmentInput): Promise<PushShipmentResult> {
  const changes: string[] = [];
  setHandler(shipmentChanged, (pushed) => void changes.push(String(pushed?.by ?? 'unknown')));
  const step = createStep(input);
  for (;;) {
    const seen = changes.length;
    const { outcome } = await step('push', (activities) => activities.pushShipment(input), {
      givesWayTo: () => changes[seen],
      about: `shipment \`${input.shipmentId}\``,
    });
    if (changes.length === seen) return { outcome };
  }
}
