'use strict';

const { version } = require('../../../../vendor-portals/about.js');

/** Says that the companion is there. */
module.exports.GET = async (_request, response) => response.json({ version });
