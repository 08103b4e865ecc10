import { recordAudit } from '../../db/accounts/audit-events.ts';
import { withUser } from '../../db/engine/with-account.ts';
import { changeRole, endMembership, listMembers } from '../../db/people/memberships.ts';
import { markRenewing } from '../../db/people/sessions.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { read } from '../request/reading.ts';
import { answers, idParams, nothing, pageOf, pageQuery } from '../schemas/common.ts';
import { member, memberChange } from '../schemas/people.ts';

const tags = ['people'];

export function memberRoutes(app: App): void {
  listingRoute(app);
  changingRoute(app);
  removingRoute(app);
}

function listingRoute(app: App): void {
  app.get(
    '/members',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listMembers',
        summary: 'Lists the people of the account',
        querystring: pageQuery,
        response: answers({ 200: pageOf(member) }, 'A page of members, the last joined first.'),
      },
    },
    (request) => read(request, (db) => listMembers(db, request.query)),
  );
}

function changingRoute(app: App): void {
  app.patch(
    '/members/:id',
    {
      config: { access: forAccount('admin') },
      schema: {
        tags,
        operationId: 'updateMember',
        summary: 'Changes the role of a member',
        params: idParams,
        body: memberChange,
        response: answers({ 200: member }, 'The member as it is now.'),
        errors: ['member_not_found', 'last_admin'],
      },
    },
    async (request) => {
      const { id } = request.params;
      const { role } = request.body;
      const changed = await command(request, { status: 200 }, async (db) => {
        const after = await changeRole(db, id, role);
        await recordAudit(db, authorOf(request), { action: 'member.changed', subjectId: id, data: { role } });
        return after;
      });
      // The new role counts at once; the new token follows when the person asks next.
      await withUser(app.deps.pool, id, markRenewing);
      return changed;
    },
  );
}

function removingRoute(app: App): void {
  app.delete(
    '/members/:id',
    {
      config: { access: forAccount('admin') },
      schema: {
        tags,
        operationId: 'removeMember',
        summary: 'Removes a member',
        description: 'The person is refused at once. The timelines keep the name.',
        params: idParams,
        response: answers({ 204: nothing }, 'The person is no member any more.'),
        errors: ['member_not_found', 'last_admin'],
      },
    },
    (request) => {
      const { id } = request.params;
      return command(request, { status: 204 }, async (db) => {
        await endMembership(db, id, app.deps.now());
        await recordAudit(db, authorOf(request), { action: 'member.removed', subjectId: id });
        return null;
      });
    },
  );
}
