import { listAudit } from '../../db/accounts/audit-events.ts';
import { assertOwnAudit } from '../../domain/audit.ts';
import type { App } from '../deps.ts';
import { forBoth } from '../plugins/auth.ts';
import { readAs } from '../request/reading.ts';
import { auditEvent, auditQuery } from '../schemas/audit.ts';
import { answers, pageOf } from '../schemas/common.ts';

export function auditRoutes(app: App): void {
  app.get(
    '/audit',
    {
      config: { access: forBoth('admin') },
      schema: {
        tags: ['audit'],
        operationId: 'listAuditEvents',
        summary: 'Lists who changed what: access, settings, money and stuck work',
        description: 'The newest first. Nothing in it is personal or secret. See docs/audit.md for what is audited.',
        querystring: auditQuery,
        response: answers({ 200: pageOf(auditEvent) }, 'A page of audit rows.'),
        errors: ['account_not_found'],
      },
    },
    (request) => {
      const { limit, cursor, ...filter } = request.query;
      assertOwnAudit(request.actor, filter.accountId);
      const list = (db: Parameters<typeof listAudit>[0]) => listAudit(db, filter, { limit, cursor });
      return readAs(request, list, list);
    },
  );
}
