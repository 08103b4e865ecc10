import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { readOrderDays, saveOrderDays } from '../../db/erasure/old-orders.ts';
import { differenceOf } from '../../domain/audit.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers } from '../schemas/common.ts';
import { retention, retentionChange } from '../schemas/retention.ts';

const tags = ['data-protection'];
const config = { access: forAccount('admin') };

export function retentionRoutes(app: App): void {
  app.get(
    '/retention',
    {
      config,
      schema: {
        tags,
        operationId: 'getRetention',
        summary: 'Reads how long the personal data of closed orders stay',
        response: answers({ 200: retention }, 'The days that the account has set.'),
      },
    },
    async (request) => ({ orderDays: await readOne(request, readOrderDays) }),
  );
  app.put(
    '/retention',
    {
      config,
      schema: {
        tags,
        operationId: 'setRetention',
        summary: 'Sets how long the personal data of closed orders stay',
        description: 'They are erased by a task that runs every hour, in all accounts that have the order.',
        body: retentionChange,
        response: answers({ 200: retention }, 'The days as they are now.'),
      },
    },
    (request) =>
      command(request, { status: 200 }, async (db) => {
        const { orderDays = null } = request.body;
        const { id: subjectId } = await requireOwnAccount(db);
        const change = differenceOf({ orderDays: await readOrderDays(db) }, { orderDays });
        await saveOrderDays(db, orderDays);
        await recordAudit(db, authorOf(request), { action: 'retention.changed', subjectId, ...change });
        return { orderDays };
      }),
  );
}
