'use strict';

const { createHmac, randomUUID } = require('node:crypto');
const { setTimeout: delay } = require('node:timers/promises');
const { bodyOf } = require('./messages.js');
const { readTarget } = require('./target.js');

const timeoutMs = 10_000;
const attempts = 14;
const longestPauseMs = 15 * 60_000;

/** 1 s, 2 s, 4 s … 15 min: a little over an hour in all. */
const pauseAfter = (attempt) => Math.min(1000 * 2 ** (attempt - 1), longestPauseMs);

/**
 * Sends one event, again and again until it is accepted. Each attempt is the same message under the same id.
 * What waits when the process ends is lost; the receiver polls as well.
 */
async function deliver(event, container) {
  const id = `msg_${randomUUID()}`;
  let body;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const target = await readTarget(container);
      if (target.url === '') return;
      body ??= await bodyOf(event, container.resolve('query'));
      return await post(target, { id, body });
    } catch (error) {
      if (attempt === attempts) throw error;
      await delay(pauseAfter(attempt), undefined, { ref: false });
    }
  }
}

async function post({ url, secret }, { id, body }) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const answer = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`,
    },
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`The webhook was answered with ${answer.status}.`);
}

/** @see Standard Webhooks 1.0: a secret with the prefix is base64 of the key, any other is the key itself */
function sign(secret, text) {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return createHmac('sha256', key).update(text).digest('base64');
}

module.exports = { deliver };
