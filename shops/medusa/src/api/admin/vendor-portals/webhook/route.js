'use strict';

const { readTarget, writeTarget } = require('../../../../vendor-portals/target.js');

/** The secret is not shown. */
module.exports.GET = async (request, response) => {
  const { url } = await readTarget(request.scope);
  response.json({ url });
};

/** Where messages go from now on, and the secret that signs them. An empty url stops them. */
module.exports.POST = async (request, response) => {
  const { url, secret } = request.body ?? {};
  if (typeof url !== 'string' || typeof secret !== 'string' || (url !== '' && !/^https?:\/\//.test(url))) {
    return response.status(400).json({ type: 'invalid_data', message: 'url and secret must be texts.' });
  }
  await writeTarget(request.scope, { url, secret });
  response.json({ url });
};
