import type { VendureShop } from '../../../standalone/demo/vendure-shop.ts';

const refusal = '__typename ... on ErrorResult { errorCode message }';
const modify = `mutation ($input: ModifyOrderInput!) { modifyOrder(input: $input) { ${refusal} } }`;

/** Edits a paid order as a clerk does; the difference in price is paid by hand. */
export async function editByClerk({ admin }: VendureShop, orderId: string, input: object): Promise<void> {
  const to = (state: string) => moveTo(admin, orderId, state);
  await to('Modifying');
  await admin(modify, { input: { dryRun: false, orderId, ...input } });
  await to('ArrangingAdditionalPayment');
  await admin(`mutation ($input: ManualPaymentInput!) { addManualPaymentToOrder(input: $input) { ${refusal} } }`, {
    input: { orderId, method: 'standard-payment', metadata: {} },
  });
  await to('PaymentSettled');
}

/** As `editByClerk`, for an edit that makes the order cheaper: the difference is paid back of its last payment. */
export async function lowerByClerk({ admin }: VendureShop, orderId: string, input: object): Promise<void> {
  const read = `query ($id: ID!) { order(id: $id) { payments { id } } }`;
  const { order } = await admin<{ order: { payments: { id: string }[] } }>(read, { id: orderId });
  const ids = order.payments.map(({ id }) => Number(id));
  await moveTo(admin, orderId, 'Modifying');
  const refund = { paymentId: String(Math.max(...ids)), reason: 'edited' };
  await admin(modify, { input: { dryRun: false, orderId, refund, ...input } });
  await moveTo(admin, orderId, 'PaymentSettled');
}

const moveTo = (admin: VendureShop['admin'], id: string, state: string) =>
  admin(
    `mutation ($id: ID!, $state: String!) { transitionOrderToState(id: $id, state: $state) {
      __typename ... on OrderStateTransitionError { errorCode message: transitionError } } }`,
    { id, state },
  );
