import { recordAudit } from '../../db/accounts/audit-events.ts';
import {
  changeLabelAccount,
  deleteLabelAccount,
  insertLabelAccount,
  listLabelAccounts,
  requireLabelAccount,
} from '../../db/labels/accounts.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { differenceOf } from '../../domain/audit.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, nothing, pageOf, pageQuery } from '../schemas/common.ts';
import {
  credentialsFor,
  labelAccount,
  labelAccountChange,
  labelAccountCheck,
  newLabelAccount,
  toLabelAccount,
} from '../schemas/label-accounts.ts';

const tags = ['labels'];
const reads = { access: forAccount('read') };
const manages = { access: forAccount('admin') };
const response = answers({ 200: labelAccount }, 'The label account as it is now.');
const checkErrors: readonly ErrorCode[] = [
  'label_account_not_found',
  'label_account_unauthorized',
  'label_provider_unreachable',
  'too_many_calls',
  'label_refused',
  'temporal_unavailable',
];

export function labelAccountRoutes(app: App): void {
  readingRoutes(app);
  addingRoute(app);
  updatingRoute(app);
  endingRoute(app);
  checkingRoute(app);
}

function readingRoutes(app: App): void {
  app.get(
    '/label-accounts',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listLabelAccounts',
        summary: 'Lists the label accounts',
        querystring: pageQuery,
        response: answers({ 200: pageOf(labelAccount) }, 'A page of label accounts.'),
      },
    },
    async (request) => {
      const { data, nextCursor } = await readOne(request, (db) => listLabelAccounts(db, request.query));
      return { data: data.map(toLabelAccount), nextCursor };
    },
  );
  app.get(
    '/label-accounts/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getLabelAccount',
        summary: 'Reads a label account',
        params: idParams,
        response,
        errors: ['label_account_not_found'],
      },
    },
    async (request) => toLabelAccount(await readOne(request, (db) => requireLabelAccount(db, request.params.id))),
  );
}

function addingRoute(app: App): void {
  const { sealer } = app.deps;
  app.post(
    '/label-accounts',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'createLabelAccount',
        summary: 'Adds a label account: the credentials at a provider of labels',
        body: newLabelAccount,
        response: answers({ 201: labelAccount }, 'The new label account. Its credentials are not tried yet.'),
      },
    },
    (request) =>
      command(request, { status: 201 }, async (db) => {
        const created = await insertLabelAccount(db, sealer, request.body);
        const details = { provider: created.provider };
        await recordAudit(db, authorOf(request), { action: 'label_account.created', subjectId: created.id, details });
        return toLabelAccount(created);
      }),
  );
}

function updatingRoute(app: App): void {
  const { sealer, workflows } = app.deps;
  app.patch(
    '/label-accounts/:id',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'updateLabelAccount',
        summary: 'Changes the name, the carriers or the credentials of a label account',
        description: 'With new credentials, labels that wait for them go on by themselves.',
        params: idParams,
        body: labelAccountChange,
        response,
        errors: ['label_account_not_found'],
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name, carriers } = request.body;
      const { provider } = await readOne(request, (db) => requireLabelAccount(db, id));
      const credentials = credentialsFor(provider, request.body);
      const changed = await command(request, { status: 200 }, async (db) => {
        const before = await requireLabelAccount(db, id);
        const after = await changeLabelAccount(db, sealer, { id, name, carriers, credentials });
        await recordAudit(db, authorOf(request), {
          action: 'label_account.changed',
          subjectId: id,
          details: { fields: Object.keys(request.body) },
          ...differenceOf({ carriers: before.carriers }, { carriers: after.carriers }),
        });
        return after;
      });
      if (credentials) await workflows.resumeLabelAccount(id);
      return toLabelAccount(changed);
    },
  );
}

function endingRoute(app: App): void {
  app.delete(
    '/label-accounts/:id',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'deleteLabelAccount',
        summary: 'Removes a label account, and forgets its credentials',
        params: idParams,
        response: answers(
          { 204: nothing },
          'The label account is removed. Refunds of its labels are not looked up any more.',
        ),
        errors: ['label_account_not_found', 'label_account_in_use'],
      },
    },
    (request) =>
      command(request, { status: 204 }, async (db) => {
        const { id } = request.params;
        await deleteLabelAccount(db, id);
        await recordAudit(db, authorOf(request), { action: 'label_account.deleted', subjectId: id });
        return null;
      }),
  );
}

function checkingRoute(app: App): void {
  app.post(
    '/label-accounts/:id/check',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'checkLabelAccount',
        summary: 'Tries the credentials at the provider, without cost',
        params: idParams,
        response: answers({ 200: labelAccountCheck }, 'What the credentials can buy.'),
        errors: checkErrors,
      },
    },
    async (request) => {
      const { id } = await readOne(request, (db) => requireLabelAccount(db, request.params.id));
      return app.deps.workflows.checkLabelAccount(id);
    },
  );
}
