import { z } from 'zod';
import { actorKinds } from '../../domain/account.ts';
import { auditActions } from '../../domain/audit.ts';
import { pageQuery, text, timeOut } from './common.ts';

export const auditQuery = pageQuery.extend({
  accountId: text(64)
    .optional()
    .describe('Only for the operator: the rows of one account, `operator` or `people` too.'),
  action: z.enum(auditActions).optional(),
  subjectId: text(64).optional().describe('What was changed.'),
});

const values = z.record(z.string(), z.unknown());

export const auditEvent = z
  .object({
    id: z.string(),
    accountId: z.string(),
    action: z.enum(auditActions),
    subjectId: z.string().describe('What was changed: the id of a key, a channel, a member and so on.'),
    actor: z.object({
      kind: z.enum(actorKinds),
      id: z.string().describe('The id of the key or of the person.'),
    }),
    requestId: z.string().nullable().describe('The `x-request-id` of the request.'),
    occurredAt: timeOut,
    details: values,
    before: values.describe('The fields that differ, as they were.'),
    after: values.describe('The fields that differ, as they were written.'),
    sequence: z.int().nullable().describe("The place in the account's chain, from 1."),
    hash: z.string().nullable().describe('SHA-256 of the row and of the hash before it, in hex.'),
  })
  .meta({ id: 'AuditEvent' });
