import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { problemOf } from './problems.ts';
import { newRequestId } from './request-log.ts';

/** The parser of Node refuses more bytes of headers. */
const headerBytes = 16 * 1024;
const headersMs = 15_000;
const checkMs = 5_000;

/** For Node's server. Without a Host it would answer without a body; `refuseWithoutHost` does so in our words. */
export const serverOptions = {
  maxHeaderSize: headerBytes,
  headersTimeout: headersMs,
  connectionsCheckingInterval: checkMs,
  requireHostHeader: false,
};

const refusals: Readonly<Record<string, [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', `The headers have more than ${headerBytes / 1024} KiB.`],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload_too_large', 'The chunks of the body have too long extensions.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in time.'],
};

/** Answers a connection from which no request could be read: there is no route, and there are no hooks. */
export function answerBroken(app: App, error: ConnectionError, socket: Socket): void {
  // `_httpMessage`: as Node itself looks for an answer that has begun. A second one would be read as a part of it.
  const begun = (socket as { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || begun) return void socket.destroy();
  const refusal = new DomainError(...(refusals[error.code ?? ''] ?? ['malformed_request', 'The request is not HTTP.']));
  const requestId = newRequestId();
  const problem = problemOf(refusal, requestId);
  app.log.info({ reqId: requestId, status: problem.status, code: refusal.code }, 'request refused');
  socket.write(asHttp(problem.status, requestId, JSON.stringify(problem)));
  socket.destroySoon();
}

const asHttp = (status: number, requestId: string, body: string): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'cache-control: no-store',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff',
    `x-request-id: ${requestId}`,
    '',
    body,
  ].join('\r\n');

/** RFC 9112, 3.2. */
export function refuseWithoutHost(app: App): void {
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.headers.host === undefined && raw.httpVersion === '1.1')
      throw new DomainError('malformed_request', 'The header Host is missing.');
  });
}
