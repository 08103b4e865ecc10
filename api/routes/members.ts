import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers, idParams, nothing, pageOf, pageQuery } from '../schemas/common.ts';
import { member, memberChange } from '../schemas/people.ts';

const tags = ['people'];
const notYet = () => Promise.reject(new DomainError('unexpected', 'Not yet.'));

export function memberRoutes(app: App): void {
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
    notYet,
  );
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
    notYet,
  );
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
    notYet,
  );
}
