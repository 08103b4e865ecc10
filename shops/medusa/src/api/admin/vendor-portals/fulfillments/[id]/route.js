'use strict';

const { updateFulfillmentWorkflow } = require('@medusajs/medusa/core-flows');

const isLabel = (label) =>
  ['tracking_number', 'tracking_url', 'label_url'].every((name) => typeof label?.[name] === 'string');

/** Replaces labels and metadata, also once the fulfillment is shipped. Core has no route for this. */
module.exports.POST = async (request, response) => {
  const { labels, metadata } = request.body ?? {};
  if (!Array.isArray(labels) || !labels.every(isLabel) || typeof metadata !== 'object' || metadata === null) {
    return response.status(400).json({ type: 'invalid_data', message: 'labels and metadata are needed.' });
  }
  const input = { id: request.params.id, labels, metadata };
  const { result } = await updateFulfillmentWorkflow(request.scope).run({ input });
  response.json({ fulfillment: { id: result.id } });
};
