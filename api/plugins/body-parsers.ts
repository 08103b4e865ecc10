import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { strictDecoder } from '../files/charset.ts';
import { assertShape } from '../request/json-shape.ts';

/** Accepts JSON alone. An empty body counts as no body, whatever its Content-Type. */
export function setUpBodyParsers(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    assertShape(body as Buffer, request.routeOptions.config.mostValues);
    const text = textOf(body as Buffer);
    if (text === undefined) return done(new DomainError('not_utf8', 'The body is not UTF-8, which JSON must be.'));
    void parse(request, text, done);
  });
}

/** The text of UTF-8, with or without a byte order mark; undefined for other bytes. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return strictDecoder('utf-8').decode(bytes);
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
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}
