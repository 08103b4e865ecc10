import { withUser } from '../../db/engine/with-account.ts';
import { listMembers } from '../../db/people/memberships.ts';
import { giveRole, removeMember } from '../../db/people/rights.ts';
import { markRenewing } from '../../db/people/sessions.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
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
    (request) => readOne(request, (db) => listMembers(db, request.query)),
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
        description: 'Pending invitations that the person made are withdrawn where the new role is not `admin`.',
        params: idParams,
        body: memberChange,
        response: answers({ 200: member }, 'The member as it is now.'),
        errors: ['member_not_found', 'last_admin'],
      },
    },
    async (request) => {
      const { id } = request.params;
      const { role } = request.body;
      const changed = await command(request, { status: 200 }, (db) =>
        giveRole(db, authorOf(request), { userId: id, role, now: app.deps.now() }),
      );
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
        description:
          'The person is refused at once, and the pending invitations that the person made are withdrawn. The timelines keep the name.',
        params: idParams,
        response: answers({ 204: nothing }, 'The person is no member any more.'),
        errors: ['member_not_found', 'last_admin'],
      },
    },
    (request) => {
      const { id } = request.params;
      return command(request, { status: 204 }, async (db) => {
        await removeMember(db, authorOf(request), { userId: id, now: app.deps.now() });
        return null;
      });
    },
  );
}
