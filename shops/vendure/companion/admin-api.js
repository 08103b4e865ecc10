'use strict';

const { Args, Mutation, Query, Resolver } = require('@nestjs/graphql');
const {
  Allow,
  Ctx,
  Fulfillment,
  Permission,
  SettingsStoreService,
  Transaction,
  TransactionalConnection,
  UserInputError,
} = require('@vendure/core');
const { gql } = require('graphql-tag');
const { version } = require('./package.json');
const { webhookTargetKey } = require('./webhooks.js');

const adminApiSchema = gql`
  type VendorPortalsCompanion {
    version: String!
  }

  input CorrectFulfillmentTrackingInput {
    id: ID!
    method: String!
    trackingCode: String!
    trackingUrl: String
  }

  extend type Query {
    "Present when the shop has the companion plugin."
    vendorPortalsCompanion: VendorPortalsCompanion!
  }

  extend type Mutation {
    "Changes the tracking of a fulfillment in place, also when it is shipped already."
    correctFulfillmentTracking(input: CorrectFulfillmentTrackingInput!): Fulfillment!
    "Where webhooks go and the secret that signs them; an empty url stops them."
    setWebhookTarget(url: String!, secret: String!): Boolean!
  }
`;

class CompanionResolver {
  constructor(connection, settingsStore) {
    this.connection = connection;
    this.settingsStore = settingsStore;
  }

  vendorPortalsCompanion() {
    return { version };
  }

  async correctFulfillmentTracking(ctx, { id, method, trackingCode, trackingUrl }) {
    const fulfillment = await this.connection.getEntityOrThrow(ctx, Fulfillment, id);
    fulfillment.method = method;
    fulfillment.trackingCode = trackingCode;
    fulfillment.customFields.trackingUrl = trackingUrl || null;
    await this.connection.getRepository(ctx, Fulfillment).save(fulfillment);
    return fulfillment;
  }

  async setWebhookTarget(ctx, url, secret) {
    if (url !== '' && !URL.canParse(url)) throw new UserInputError('The webhook url is not a url.');
    const { result, error } = await this.settingsStore.set(ctx, webhookTargetKey, { url, secret });
    if (!result) throw new Error(error);
    return true;
  }
}

/** What `@Decorator()` above a method is in TypeScript. */
function decorateMethod(name, parameters, decorators) {
  const prototype = CompanionResolver.prototype;
  Reflect.defineMetadata(
    'design:paramtypes',
    parameters.map(() => Object),
    prototype,
    name,
  );
  parameters.forEach((decorate, index) => decorate(prototype, name, index));
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  for (const decorate of decorators) decorate(prototype, name, descriptor);
  Object.defineProperty(prototype, name, descriptor);
}

Reflect.defineMetadata('design:paramtypes', [TransactionalConnection, SettingsStoreService], CompanionResolver);
decorateMethod('vendorPortalsCompanion', [], [Query(), Allow(Permission.Authenticated)]);
decorateMethod(
  'correctFulfillmentTracking',
  [Ctx(), Args('input')],
  [Transaction(), Mutation(), Allow(Permission.UpdateOrder)],
);
decorateMethod(
  'setWebhookTarget',
  [Ctx(), Args('url'), Args('secret')],
  [Transaction(), Mutation(), Allow(Permission.SuperAdmin)],
);
Resolver()(CompanionResolver);

module.exports = { CompanionResolver, adminApiSchema };
