import { expect, it } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { pino } from 'pino';
import { BucketError } from '../../db/documents/store.ts';
import { translateFailures } from '../../workers/interceptors.ts';

/** The failure that a history gets of an activity that throws. */
async function failureOf(error: Error): Promise<ApplicationFailure> {
  const context = { info: { activityType: 'storeLabel' } } as Context;
  const { inbound } = translateFailures(pino({ level: 'silent' }))(context);
  const run = inbound!.execute!({ args: [], headers: {} }, () => Promise.reject(error));
  return run.then(
    () => Promise.reject(new Error('no failure')),
    (failure: ApplicationFailure) => failure,
  );
}

it.each([
  ['that does not answer', new BucketError('no answer in time', true)],
  ['that refuses', new BucketError('403 SignatureDoesNotMatch', false)],
])('a store of documents %s is tried again, and named by code', async (_title, error) => {
  expect(await failureOf(error)).toMatchObject({
    type: 'document_store_unavailable',
    message: error.message,
    nonRetryable: false,
    stack: '',
  });
});
