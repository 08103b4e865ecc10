'use strict';

const {
  EventBus,
  JobQueueService,
  Logger,
  PluginCommonModule,
  Permission,
  RequestContextService,
  SettingsStoreScopes,
  SettingsStoreService,
  TransactionalConnection,
  VendurePlugin,
} = require('@vendure/core');
const { CompanionResolver, adminApiSchema } = require('./admin-api.js');
const { fulfillmentFields, fulfillmentHandler } = require('./fulfillment.js');
const { deliver, messages, retries, toJob, webhookBackoff, webhookTargetKey } = require('./webhooks.js');

/** Used until `setWebhookTarget` was called once. */
let initialTarget = { url: '', secret: '' };

/** Gives a Vendure shop signed webhooks, a reference on fulfillments and tracking corrections (see ../README.md). */
class VendorPortalsCompanion {
  /** @param target `{ url, secret }` of the channel's webhook; may also be set later by the admin API */
  static init(target) {
    initialTarget = { url: target.url ?? '', secret: target.secret ?? '' };
    return VendorPortalsCompanion;
  }

  constructor(eventBus, jobQueueService, settingsStore, requestContexts, connection) {
    Object.assign(this, { eventBus, jobQueueService, settingsStore, requestContexts, connection });
  }

  async onApplicationBootstrap() {
    const queue = await this.jobQueueService.createQueue({
      name: 'vendor-portals-webhooks',
      process: async ({ data }) => {
        const target = await this.target();
        if (target.url !== '') await deliver(data, target);
      },
    });
    for (const [event, toMessage] of messages) {
      this.eventBus.ofType(event).subscribe((happened) => {
        this.announce(queue, toMessage(happened, this.connection.rawConnection)).catch(logLoss);
      });
    }
  }

  async announce(queue, pendingMessage) {
    const message = await pendingMessage;
    if (message) await queue.add(toJob(message), { retries });
  }

  async target() {
    const ctx = await this.requestContexts.create({ apiType: 'admin' });
    return (await this.settingsStore.get(ctx, webhookTargetKey)) ?? initialTarget;
  }
}

/** A lost message is found by the next poll; it must not become an unhandled rejection that ends the shop. */
function logLoss(error) {
  Logger.error(`A webhook could not be queued: ${error.message}`, 'VendorPortalsCompanion');
}

Reflect.defineMetadata(
  'design:paramtypes',
  [EventBus, JobQueueService, SettingsStoreService, RequestContextService, TransactionalConnection],
  VendorPortalsCompanion,
);
VendurePlugin({
  imports: [PluginCommonModule],
  compatibility: '^3.0.0',
  adminApiExtensions: { schema: adminApiSchema, resolvers: [CompanionResolver] },
  configuration: (config) => {
    config.shippingOptions.fulfillmentHandlers = [
      ...(config.shippingOptions.fulfillmentHandlers ?? []),
      fulfillmentHandler,
    ];
    config.customFields.Fulfillment = [...(config.customFields.Fulfillment ?? []), ...fulfillmentFields];
    const superAdmin = { read: Permission.SuperAdmin, write: Permission.SuperAdmin };
    config.settingsStoreFields = {
      ...config.settingsStoreFields,
      vendorPortals: [
        { name: 'webhookTarget', scope: SettingsStoreScopes.global, readonly: true, requiresPermission: superAdmin },
      ],
    };
    return config;
  },
})(VendorPortalsCompanion);

module.exports = { VendorPortalsCompanion, webhookBackoff };
