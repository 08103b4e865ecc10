'use strict';

module.exports = { version: '0.1.0' };
