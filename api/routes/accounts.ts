import { findAccount, insertAccount, listAccounts } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { newId } from '../../db/engine/ids.ts';
import { actingIn } from '../../db/accounts/operator.ts';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { authorOf, forOperator } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readSystem } from '../request/reading.ts';
import { account, newAccount } from '../schemas/accounts.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';

const tags = ['accounts'];
const reads = { access: forOperator('read') };
const writes = { access: forOperator('admin') };

export function accountRoutes(app: App): void {
  app.get(
    '/accounts',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listAccounts',
        summary: 'Lists the accounts',
        querystring: pageQuery,
        response: answers({ 200: pageOf(account) }, 'A page of accounts.'),
      },
    },
    (request) => readSystem(request, (db) => listAccounts(db, request.query)),
  );
  app.get(
    '/accounts/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getAccount',
        summary: 'Reads an account',
        params: idParams,
        response: answers({ 200: account }, 'The account.'),
        errors: ['account_not_found'],
      },
    },
    async (request) => {
      const found = await readSystem(request, (db) => findAccount(db, request.params.id));
      return found ?? Promise.reject(new DomainError('account_not_found', `There is no account ${request.params.id}.`));
    },
  );
  creatingRoute(app);
}

function creatingRoute(app: App): void {
  app.post(
    '/accounts',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'createAccount',
        summary: 'Adds an account',
        body: newAccount,
        response: answers({ 201: account }, 'The new account.'),
      },
    },
    (request) =>
      command(request, { status: 201 }, (operatorDb) =>
        actingIn(operatorDb, newId('account'), async (db) => {
          const created = await insertAccount(db, request.body.name);
          await recordAudit(db, authorOf(request), { action: 'account.created', subjectId: created.id });
          return created;
        }),
      ),
  );
}
