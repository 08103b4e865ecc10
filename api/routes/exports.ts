import { accountFor } from '../../domain/account.ts';
import { exportPerson } from '../commands/export-person.ts';
import type { App } from '../deps.ts';
import { forBoth } from '../plugins/auth.ts';
import { answers } from '../schemas/common.ts';
import { newExport, personExport } from '../schemas/exports.ts';

export function exportRoutes(app: App): void {
  app.post(
    '/exports',
    {
      // A stored answer would be one more place with the data.
      config: { access: forBoth('admin'), takesKey: false },
      schema: {
        tags: ['data-protection'],
        operationId: 'exportPerson',
        summary: 'Reads what is stored about a buyer: of an order, or of all orders of an e-mail',
        description: 'It is a POST so that no log has the e-mail. Nothing changes but the audit, which says who asked.',
        body: newExport,
        response: answers({ 200: personExport }, 'What your account stores, and which suppliers have got it.'),
        errors: ['account_not_found', 'order_not_found', 'order_received'],
      },
    },
    (request) => exportPerson(request, accountFor(request.actor, request.body.accountId), request.body),
  );
}
