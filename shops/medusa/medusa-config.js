'use strict';

const { randomBytes } = require('node:crypto');
const { defineConfig } = require('@medusajs/framework/utils');

/** Sessions of people end with the process. API keys are in the database and stay. */
const secret = () => randomBytes(32).toString('hex');

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false } },
    http: { storeCors: '', adminCors: '', authCors: '', jwtSecret: secret(), cookieSecret: secret() },
  },
  // The dashboard is not installed.
  admin: { disable: true },
});
