import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteLabelPrinted } from '../../db/documents/printed.ts';
import { requireDocument, type DocumentRecord } from '../../db/documents/reading.ts';
import { hasScope } from '../../domain/account.ts';
import { formatTypes } from '../../domain/paper/label-format.ts';
import type { DocumentFormat } from '../../domain/paper/paper.ts';
import type { App } from '../deps.ts';
import { contentOf, documentFile } from '../files/document-file.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { inAccount, readOne } from '../request/reading.ts';
import { answers, idParams, nothing } from '../schemas/common.ts';
import { binary, documentQuery } from '../schemas/documents.ts';

const description =
  'A label is sent as PDF, PNG or ZPL; a label that is void bears VOID. Its order’s timeline notes who got it. The same bytes ' +
  'come for as long as the document is stored: labels 90 days, packing slips and print jobs 7 days, logos while they are used. ' +
  'The answer has an `ETag`, the SHA-256 of the stored bytes; send it as `If-None-Match`.';

export function documentRoutes(app: App): void {
  app.get(
    '/documents/:id',
    {
      config: { access: forAccount('read') },
      schema: {
        tags: ['documents'],
        operationId: 'getDocument',
        summary: 'Reads a label, packing slip, print job or logo as a file',
        description,
        params: idParams,
        querystring: documentQuery,
        response: {
          ...answers({ 304: nothing }, 'Nothing has changed since the answer that had this ETag.'),
          200: { description: 'The file.', content: fileTypes },
        },
        errors: ['document_not_found', 'document_store_unavailable'],
      },
    },
    async (request, reply) => {
      const document = await readOne(request, (db) => requireDocument(db, request.params.id));
      return sendDocument(request, reply, { document, wish: request.query });
    },
  );
}

const fileTypes = Object.fromEntries(
  [...Object.values(formatTypes), 'image/jpeg'].map((type) => [type, { schema: binary }]),
);

type Sent = { document: DocumentRecord; wish: Parameters<typeof documentFile>[1] };

async function sendDocument(request: FastifyRequest, reply: FastifyReply, { document, wish }: Sent) {
  const { deps } = request.server;
  const file = documentFile(document, wish);
  const headers = {
    etag: file.tag,
    // A browser may store the answer, and asks each time: the document may be void or deleted by then.
    'cache-control': 'private, no-cache',
    vary: 'authorization, cookie, x-account-id',
  };
  if (isKnown(request, file.tag)) {
    const unchanged = reply.headers(headers).code(304);
    return unchanged.serializer(() => '').send(null);
  }
  const from = { pool: deps.pool, store: deps.documents, accountId: request.actor.accountId };
  const chunks = contentOf(from, document, { file, dpi: wish.dpi });
  // Before the first header, so that a fault is still a problem.
  const first = await chunks.next();
  await notePrinted(request, document, file.format);
  return reply
    .headers({
      ...headers,
      'content-type': file.type,
      'content-disposition': `attachment; filename="${file.name}"`,
      ...(file.isStored && { 'content-length': document.size }),
    })
    .send(Readable.from(following(first, chunks), { objectMode: false }));
}

const isKnown = ({ headers }: FastifyRequest, tag: string): boolean =>
  headers['if-none-match']?.split(',').some((one) => one.trim().replace(/^W\//, '') === tag) ?? false;

async function notePrinted(request: FastifyRequest, document: DocumentRecord, format: DocumentFormat = 'pdf') {
  if (request.method !== 'GET') return;
  const { actor } = authorOf(request);
  const at = request.server.deps.now();
  const mayShip = hasScope(request.actor.scopes, 'ship');
  await inAccount(request, (db) => noteLabelPrinted(db, document, { actor, format, at, mayShip }));
}

async function* following(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
