import { fulfillmentsOf, type FulfillmentInput } from './fulfillments.ts';
import type { ShopState } from './model.ts';
import { stockOf, type SetQuantitiesInput } from './stock.ts';
import { subscriptionsOf } from './webhooks.ts';

type Correction = { fulfillmentId: string; trackingInfoInput: NonNullable<FulfillmentInput['trackingInfo']> };

/** The mutations that our documents send. A refusal is a `ShopRefusal`. */
export function createMutations(shop: ShopState) {
  const fulfillments = fulfillmentsOf(shop);
  const stock = stockOf(shop);
  const subscriptions = subscriptionsOf(shop);
  const idOf = ({ id, status }: { id: string; status: string }) => ({ id, status });
  return {
    fulfillmentCreate: ({ fulfillment }: { fulfillment: FulfillmentInput }) => ({
      fulfillment: idOf(fulfillments.create(fulfillment)),
    }),
    fulfillmentTrackingInfoUpdate: ({ fulfillmentId, trackingInfoInput }: Correction) => ({
      fulfillment: idOf(fulfillments.correct(fulfillmentId, trackingInfoInput)),
    }),
    fulfillmentCancel: ({ id }: { id: string }) => ({ fulfillment: idOf(fulfillments.cancel(id)) }),
    inventorySetQuantities: ({ input }: { input: SetQuantitiesInput }) => ({
      inventoryAdjustmentGroup: stock.set(input),
    }),
    inventoryActivate: (args: Parameters<typeof stock.activate>[0]) => ({ inventoryLevel: stock.activate(args) }),
    webhookSubscriptionCreate: (args: Parameters<typeof subscriptions.create>[0]) => ({
      webhookSubscription: subscriptions.create(args),
    }),
    webhookSubscriptionDelete: ({ id }: { id: string }) => ({
      deletedWebhookSubscriptionId: subscriptions.delete(id),
    }),
  };
}
