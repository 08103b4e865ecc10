import type { VendureShop } from '../../../standalone/demo/vendure-shop.ts';

/** Edits a paid order as a clerk does; the difference in price is paid by hand. */
export async function editByClerk({ admin }: VendureShop, orderId: string, input: object): Promise<void> {
  const refusal = '__typename ... on ErrorResult { errorCode message }';
  const to = (state: string) =>
    admin(
      `mutation ($id: ID!, $state: String!) { transitionOrderToState(id: $id, state: $state) {
        __typename ... on OrderStateTransitionError { errorCode message: transitionError } } }`,
      { id: orderId, state },
    );
  await to('Modifying');
  await admin(`mutation ($input: ModifyOrderInput!) { modifyOrder(input: $input) { ${refusal} } }`, {
    input: { dryRun: false, orderId, ...input },
  });
  await to('ArrangingAdditionalPayment');
  await admin(`mutation ($input: ManualPaymentInput!) { addManualPaymentToOrder(input: $input) { ${refusal} } }`, {
    input: { orderId, method: 'standard-payment', metadata: {} },
  });
  await to('PaymentSettled');
}
