import type { App } from '../deps.ts';
import { DomainError } from '../../domain/errors.ts';
import { forAccount } from '../plugins/auth.ts';
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
    () => {
      throw new DomainError('unexpected', 'Not there yet.');
    },
  );
}
