'use strict';

const { dummyPaymentHandler } = require('@vendure/core');
// Not exported by the package's index, though it is the documented default; the version is pinned.
const { InMemoryJobQueueStrategy } = require('@vendure/core/dist/job-queue/in-memory-job-queue-strategy');
const { VendorPortalsCompanion, webhookBackoff } = require('./companion/index.js');
const { oneAtATime } = require('./one-at-a-time.js');

/** Standard output is for the one line that says where the shop is. */
const tell = (level) => (message, context) => process.stderr.write(`${level} [${context ?? 'shop'}] ${message}\n`);
const silent = () => {};
const logger = { error: tell('error'), warn: silent, info: silent, verbose: silent, debug: silent };

function shopConfig({ port, storage, env }) {
  const superadminCredentials = {
    identifier: env.SUPERADMIN_USERNAME ?? 'superadmin',
    password: env.SUPERADMIN_PASSWORD ?? 'superadmin',
  };
  return {
    logger,
    apiOptions: { port, hostname: '127.0.0.1', cors: false, apolloServerPlugins: [oneAtATime(storage.save)] },
    authOptions: { tokenMethod: ['bearer', 'api-key'], requireVerification: false, superadminCredentials },
    dbConnectionOptions: storage.options,
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    // As in Vendure's guide to digital products.
    customFields: { ProductVariant: [{ name: 'isDigital', type: 'boolean', defaultValue: false }] },
    // In memory: a queue in the single-connection database would write into the transactions of requests.
    jobQueueOptions: {
      jobQueueStrategy: new InMemoryJobQueueStrategy({
        pollInterval: 50,
        concurrency: 5,
        backoffStrategy: webhookBackoff,
      }),
    },
    plugins: env.COMPANION === 'off' ? [] : [companion(env)],
  };
}

function companion(env) {
  return VendorPortalsCompanion.init({ url: env.WEBHOOK_URL, secret: env.WEBHOOK_SECRET });
}

function paymentMethod(name, automaticSettle) {
  const handler = { code: dummyPaymentHandler.code, arguments: [{ name: 'automaticSettle', value: automaticSettle }] };
  return { name, handler };
}

/** What a first boot creates, besides the products of products.csv. `pay-later` only authorizes. */
const initialData = {
  defaultLanguage: 'en',
  defaultZone: 'World',
  countries: [
    { name: 'United States', code: 'US', zone: 'World' },
    { name: 'Germany', code: 'DE', zone: 'World' },
  ],
  taxRates: [{ name: 'Standard Tax', percentage: 0 }],
  shippingMethods: [{ name: 'Standard Shipping', price: 500 }],
  paymentMethods: [paymentMethod('Standard Payment', 'true'), paymentMethod('Pay later', 'false')],
  collections: [],
};

module.exports = { initialData, shopConfig };
