'use strict';

const { deliver } = require('../vendor-portals/deliver.js');
const { events } = require('../vendor-portals/messages.js');

/** Not awaited: a receiver that is away must not hold back the shop's other subscribers. */
async function send({ event, container }) {
  deliver(event, container).catch((error) => {
    container.resolve('logger').warn(`vendor-portals: ${event.name} was not delivered: ${error.message}`);
  });
}

module.exports = { default: send, config: { event: events } };
