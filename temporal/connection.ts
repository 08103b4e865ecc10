import { setTimeout as wait } from 'node:timers/promises';
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/** Between two tries of one call. Our deadlines end the tries; the pauses need not grow beyond a part of those. */
const longestPauseMs = 250;

export type TemporalConnection = { connection: Connection; close: () => Promise<void> };

/** Connects when first used: the API starts, and reads go on, while Temporal is away. */
export function connectTemporal(address: string): TemporalConnection {
  let isClosing = false;
  const usual = defaultGrpcRetryOptions();
  const retries = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !isClosing && usual.retryableDecider(attempt, status),
    delayFunction: (attempt, status) => Math.min(longestPauseMs, usual.delayFunction(attempt, status)),
  });
  const connection = Connection.lazy({
    address,
    interceptors: [retries],
    // Back within two seconds of an outage; the default takes half a minute.
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.min_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
    },
  });
  return {
    connection,
    /** gRPC may be about to retry an abandoned call. On a closed gRPC channel the retry would end the process. */
    async close() {
      isClosing = true;
      await wait(longestPauseMs + 50);
      await connection.close();
    },
  };
}
