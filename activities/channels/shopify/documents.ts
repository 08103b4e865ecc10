// What we ask of a shop, for the version of the API in `api.ts`. A test validates each against Shopify's own schema. Page sizes
// are variables: a shop says what a query costs only when it refuses it.

const pageInfo = 'pageInfo { hasNextPage endCursor }';
const money = 'shopMoney { amount currencyCode }';
const address = 'name company address1 address2 city provinceCode zip countryCodeV2 phone';
const line = `id sku name quantity currentQuantity requiresShipping variant { id } originalUnitPriceSet { ${money} }`;
const shipmentLines = `${pageInfo} nodes { quantity lineItem { id } }`;
const shipment = `id status trackingInfo { company number url }
  fulfillmentLineItems(first: 10) { ${shipmentLines} }`;

const order = `id name createdAt updatedAt cancelledAt displayFinancialStatus currencyCode email phone note tags
  shippingAddress { ${address} } billingAddress { ${address} } totalRefundedSet { ${money} }
  shippingLines(first: 1) { nodes { title } }
  lineItems(first: $lines) { ${pageInfo} nodes { ${line} } }
  fulfillments(first: 20) { ${shipment} }`;
const openLines = `${pageInfo} nodes { id remainingQuantity lineItem { id } }`;
const variants = `${pageInfo} nodes { id sku title inventoryItem { tracked } }`;
const errors = 'userErrors { field message }';
const codedErrors = 'userErrors { field message code }';

export const documents = {
  orders: `query ($after: String, $filter: String, $first: Int!, $lines: Int!) {
    orders(first: $first, after: $after, query: $filter, sortKey: UPDATED_AT) { ${pageInfo} nodes { ${order} } } }`,
  order: `query ($id: ID!, $lines: Int!) { order(id: $id) { ${order} } }`,
  ordersByIds: `query ($ids: [ID!]!, $lines: Int!) { nodes(ids: $ids) { ... on Order { ${order} } } }`,
  orderLines: `query ($id: ID!, $after: String, $first: Int!) {
    order(id: $id) { lineItems(first: $first, after: $after) { ${pageInfo} nodes { ${line} } } } }`,
  orderShipments: `query ($id: ID!) { order(id: $id) { fulfillments(first: 250) { ${shipment} } } }`,
  shipmentLines: `query ($id: ID!, $after: String, $first: Int!) {
    fulfillment(id: $id) { fulfillmentLineItems(first: $first, after: $after) { ${shipmentLines} } } }`,

  openUnits: `query ($id: ID!, $after: String, $first: Int!, $lines: Int!) {
    order(id: $id) { fulfillmentOrders(first: $first, after: $after) { ${pageInfo} nodes {
      id status assignedLocation { location { id } } supportedActions { action }
      lineItems(first: $lines) { ${openLines} } } } } }`,
  openLines: `query ($id: ID!, $after: String, $first: Int!) {
    fulfillmentOrder(id: $id) { lineItems(first: $first, after: $after) { ${openLines} } } }`,
  createFulfillment: `mutation ($fulfillment: FulfillmentInput!) {
    result: fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } ${errors} } }`,
  correctTracking: `mutation ($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean!) {
    result: fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
      fulfillment { id } ${errors} } }`,
  cancelFulfillment: `mutation ($id: ID!) {
    result: fulfillmentCancel(id: $id) { fulfillment { id } ${errors} } }`,

  products: `query ($after: String, $filter: String, $first: Int!, $variants: Int!) {
    products(first: $first, after: $after, query: $filter, sortKey: UPDATED_AT) {
      ${pageInfo} nodes { id title status updatedAt variants(first: $variants) { ${variants} } } } }`,
  productVariants: `query ($id: ID!, $after: String, $first: Int!) {
    product(id: $id) { variants(first: $first, after: $after) { ${variants} } } }`,

  levels: `query ($ids: [ID!]!, $location: ID!) { nodes(ids: $ids) { ... on ProductVariant {
    id inventoryItem { id tracked inventoryLevel(locationId: $location) {
      quantities(names: ["available"]) { quantity } } } } } }`,
  setQuantities: `mutation ($input: InventorySetQuantitiesInput!, $key: String!) {
    result: inventorySetQuantities(input: $input) @idempotent(key: $key) { ${codedErrors} } }`,
  stockAtLocation: `mutation ($id: ID!, $location: ID!, $key: String!) {
    result: inventoryActivate(inventoryItemId: $id, locationId: $location) @idempotent(key: $key) { ${errors} } }`,

  access: `query { currentAppInstallation { accessScopes { handle } } shop { name } }`,
  locations: `query { locations(first: 50) { nodes { id name } } }`,
  webhooks: `query ($topics: [WebhookSubscriptionTopic!], $after: String) {
    webhookSubscriptions(first: 50, topics: $topics, after: $after) { ${pageInfo} nodes { id topic uri } } }`,
  addWebhook: `mutation ($topic: WebhookSubscriptionTopic!, $webhook: WebhookSubscriptionInput!) {
    result: webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhook) { ${errors} } }`,
  removeWebhook: `mutation ($id: ID!) { result: webhookSubscriptionDelete(id: $id) { ${errors} } }`,
} as const;
