'use strict';

const { updateStoresWorkflow } = require('@medusajs/medusa/core-flows');

const key = 'vendorPortals';

async function readStore(container) {
  const { data } = await container.resolve('query').graph({ entity: 'store', fields: ['id', 'metadata'] });
  return data[0];
}

/** Stored in the shop's database, so that each of its processes knows it. Until then, as the environment says. */
async function readTarget(container) {
  const { metadata } = (await readStore(container)) ?? {};
  const { VENDOR_PORTALS_WEBHOOK_URL: url = '', VENDOR_PORTALS_WEBHOOK_SECRET: secret = '' } = process.env;
  return metadata?.[key] ?? { url, secret };
}

async function writeTarget(container, target) {
  const { id, metadata } = await readStore(container);
  const update = { metadata: { ...metadata, [key]: target } };
  await updateStoresWorkflow(container).run({ input: { selector: { id }, update } });
}

module.exports = { readTarget, writeTarget };
