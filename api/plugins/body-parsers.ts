import type { FastifyInstance } from 'fastify';
import type { App } from '../deps.ts';

/** JSON and nothing else; an empty body is no body, whatever its Content-Type. */
export function setUpBodyParsers(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    void parse(request, body as string, done);
  });
}

/**
 * For signed webhooks: in the plugin that is given, every body arrives as a Buffer, byte for byte as it was signed.
 * Call it inside `app.register(async (hooks) => { readRawBodies(hooks); … })`, so that other routes keep JSON.
 */
export function readRawBodies(
  scope: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>,
): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1_048_576 }, (_request, body, done) => {
    done(null, body);
  });
}
