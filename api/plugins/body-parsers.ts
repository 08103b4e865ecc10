import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { listOnly } from '../request/batch-items.ts';

/** Accepts JSON alone. An empty body counts as no body, whatever its Content-Type. */
export function setUpBodyParsers(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const text = textOf(body as Buffer);
    if (text === undefined) return done(new DomainError('not_utf8', 'The body is not UTF-8, which JSON must be.'));
    void parse(request, text, done);
  });
}

/** The text of UTF-8, with or without a byte order mark; undefined for other bytes. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * For signed webhooks: in this plugin every body arrives as a Buffer, byte for byte as it was signed.
 * Call it inside `app.register(async (hooks) => { readRawBodies(hooks); … })`, so that other routes still read JSON.
 */
export function readRawBodies(
  scope: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>,
): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1_048_576 }, (_request, body, done) => {
    done(null, body);
  });
}

/** The largest file. Without a Content-Length its bytes are counted while it is read. */
export const fileLimitBytes = 20 * 1024 * 1024;

export const fileTooLarge = () =>
  new DomainError('payload_too_large', `A file has at most ${fileLimitBytes / 1024 / 1024} MiB.`);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route that accepts a CSV file as well as JSON: the description of the file in the API document. */
    csv?: string;
  }
}

/** A file of a request. `charset`: as its Content-Type names it. */
export type CsvFile = { source: Readable; charset: string | undefined };

export const csvFile = (source: Readable, { headers }: Pick<FastifyRequest, 'headers'>): CsvFile => ({
  source,
  charset: /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '')?.[1],
});

/**
 * In this plugin a `text/csv` body arrives as a stream; other routes still refuse it. The routes of the plugin declare
 * `config.csv` and `validatorCompiler: jsonOrFile`.
 */
export function takeCsv(scope: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  scope.addContentTypeParser('text/csv', (request, payload, done) => {
    const length = Number(request.headers['content-length'] ?? 0);
    done(length > fileLimitBytes ? fileTooLarge() : null, payload);
  });
}

/** The reader of a file checks it. JSON is a batch. */
export function jsonOrFile(route: Parameters<typeof listOnly>[0]): ReturnType<typeof listOnly> {
  const check = listOnly(route);
  return (data: unknown) => (data instanceof Readable ? { value: data } : check(data));
}
