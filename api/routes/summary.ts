import { createHash } from 'node:crypto';
import { readSummary } from '../../db/orders/summary.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { read } from '../request/reading.ts';
import { answers, nothing } from '../schemas/common.ts';
import { summary, summaryQuery } from '../schemas/summary.ts';

export function summaryRoutes(app: App): void {
  app.get(
    '/summary',
    {
      config: { access: forAccount('read') },
      schema: {
        tags: ['accounts'],
        operationId: 'getSummary',
        summary: 'Counts what is open: orders, stock, decisions, tasks',
        description:
          'It counts nothing that grows with the past. The answer has an `ETag`; send it as `If-None-Match`, and an answer ' +
          'without a body says that nothing has changed.',
        querystring: summaryQuery,
        response: answers(
          { 200: summary, 304: nothing },
          { 200: 'The counts.', 304: 'Nothing has changed since the answer that had this ETag.' },
        ),
      },
    },
    async (request, reply) => {
      const counted = await read(request, (db) => readSummary(db, request.query.side));
      const hash = createHash('sha256').update(JSON.stringify(counted)).digest('base64url').slice(0, 22);
      const tag = `W/"${hash}"`;
      // A browser may keep the answer, and asks each time whether it still holds.
      void reply.headers({
        etag: tag,
        'cache-control': 'private, no-cache',
        vary: 'authorization, cookie, x-account-id',
      });
      const known = request.headers['if-none-match']?.split(',').map((one) => one.trim());
      return known?.includes(tag)
        ? reply
            .code(304)
            .serializer(() => '')
            .send(null)
        : counted;
    },
  );
}
