import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiText } from '../../../api/openapi/openapi-text.ts';
import { storeBytes, storeDocument } from '../../../db/documents/documents.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { newToken } from '../../../db/people/tokens.ts';
import { aBrowser, signedIn } from '../../support/trade/people.ts';
import { callerOf, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Operation = {
  method: Method;
  path: string;
  access: { audience: string[]; scope: string | null };
};

let api: TestApi;
let owner: Caller;
let strangers: Record<'foreign' | 'readOnly' | 'writer' | 'revoked' | 'anonymous', Caller>;
let operations: Operation[];
/** One row of the owner's for each path that begins with an id. */
let rows: Record<string, string>;

beforeAll(async () => {
  api = await openApi();
  owner = await api.anAccount();
  const foreign = await api.anAccount();
  const revoked = await api.aKeyOf(owner, ['admin']);
  await owner.delete(`/v1/keys/${revoked.keyId}`);
  strangers = {
    foreign,
    revoked,
    readOnly: await api.aKeyOf(owner, ['read']),
    writer: await api.aKeyOf(owner, ['write']),
    anonymous: callerOf(api.app, '', ''),
  };
  operations = operationsOf(await openApiText());
  rows = await rowsOf();
});
afterAll(() => api.close());

function operationsOf(text: string): Operation[] {
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { 'x-access': Operation['access'] }>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Method,
      path,
      access: operation['x-access'],
    })),
  );
}

async function rowsOf(): Promise<Record<string, string>> {
  const supplier = await api.anAccount();
  const { connectionId, supplierId } = await api.aConnection(owner, supplier);
  const id = async (url: string, body: object) => (await owner.post(url, body)).json<{ id: string }>().id;
  return {
    keys: (await api.aKeyOf(owner, ['read'])).keyId,
    connections: connectionId,
    suppliers: supplierId,
    channels: await id('/v1/channels', { kind: 'api', name: 'Own' }),
    members: (await signedIn(api, { memberships: [{ accountId: owner.accountId, role: 'member' }] })).userId,
    invitations: await id('/v1/invitations', { email: 'kim@matrix.example', kind: 'member' }),
    'print-jobs': await id('/v1/print-jobs', { orderIds: ['ord_matrix'], documents: ['pick_list'] }),
    warehouses: await id('/v1/warehouses', { name: 'Matrix' }),
    'label-accounts': await id('/v1/label-accounts', { provider: 'test', name: 'Matrix' }),
    products: await id('/v1/products', { sku: 'MATRIX', name: 'A cup' }),
    documents: await aDocument(),
    erasures: await id('/v1/erasures', { email: 'kim@matrix.example' }),
  };
}

async function aDocument(): Promise<string> {
  const { accountId } = owner;
  const bytes = await storeBytes(inPostgres, accountId, { kind: 'print_job', bytes: Buffer.from('a page') });
  return withAccount(api.pool, accountId, (db) =>
    storeDocument(db, inPostgres, { bytes, mediaType: 'application/pdf' }),
  );
}

const ask = (caller: Caller, { method, path }: Operation, id = 'unknown') =>
  api.app.inject({
    method,
    url: path.replace('{id}', id).replaceAll(/\{\w+\}/g, 'unknown'),
    headers: caller.key === '' ? {} : { authorization: `Bearer ${caller.key}` },
    ...(['POST', 'PUT', 'PATCH'].includes(method) && { payload: {} }),
  });

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;
const guarded = () => operations.filter(({ access }) => access.audience.length > 0 && !isPersonal(access));
/** A person asks, in no account. */
const isPersonal = ({ audience }: Operation['access']) => audience.includes('person');

describe('every route', () => {
  it('says who may call it', () => {
    expect(operations.filter(({ access }) => access === undefined).map(nameOf)).toEqual([]);
    expect(operations.length).toBeGreaterThan(20);
  });

  it('is closed to strangers and to revoked keys', async () => {
    for (const operation of operations.filter(({ access }) => access.audience.length > 0)) {
      for (const caller of [strangers.anonymous, strangers.revoked]) {
        const answer = await ask(caller, operation);
        expect([nameOf(operation), answer.json()]).toEqual([
          nameOf(operation),
          expect.objectContaining({ status: 401, code: 'unauthenticated' }),
        ]);
      }
    }
  });

  it('of a person is closed to keys, and to sessions of nobody', async () => {
    const personal = operations.filter(({ access }) => isPersonal(access));
    for (const operation of personal) {
      const other = aBrowser(api.app);
      other.cookie = newToken();
      const url = operation.path.replace('{id}', 'unknown');
      const answers = [await ask(owner, operation), await other.ask(operation.method, url, { body: {} })];
      for (const answer of answers) expect([nameOf(operation), answer.statusCode]).toEqual([nameOf(operation), 401]);
    }
    expect(personal.length).toBeGreaterThan(5);
  });

  it('asks a person for the scope of the role', async () => {
    const scopes = { viewer: ['read'], packer: ['read', 'ship'], member: ['read', 'ship', 'write'] };
    for (const [role, allowed] of Object.entries(scopes)) {
      const memberships = [{ accountId: owner.accountId, role: role as keyof typeof scopes }];
      const person = await signedIn(api, { memberships });
      for (const operation of guarded()) {
        const url = operation.path.replaceAll(/\{\w+\}/g, 'unknown');
        const body = operation.method === 'GET' ? {} : { body: {} };
        const { statusCode } = await person.ask(operation.method, url, { account: owner.accountId, ...body });
        const isOpen = operation.access.audience.includes('account') && allowed.includes(operation.access.scope!);
        expect([role, nameOf(operation), statusCode === 403]).toEqual([role, nameOf(operation), !isOpen]);
        expect(statusCode).toBeLessThan(500);
      }
    }
  });

  it('asks for its scope', async () => {
    const allowed = {
      read: ['readOnly', 'writer'],
      ship: ['writer'],
      write: ['writer'],
      admin: [] as string[],
    };
    for (const operation of guarded()) {
      for (const name of ['readOnly', 'writer'] as const) {
        const isOpen =
          operation.access.audience.includes('account') &&
          allowed[operation.access.scope as keyof typeof allowed].includes(name);
        const { statusCode } = await ask(strangers[name], operation);
        expect([nameOf(operation), name, statusCode === 403]).toEqual([nameOf(operation), name, !isOpen]);
        expect(statusCode).toBeLessThan(500);
      }
    }
  });

  it('knows the operator from an account', async () => {
    for (const operation of guarded()) {
      const { statusCode } = await ask(api.operator, operation);
      const isOpen = operation.access.audience.includes('operator');
      expect([nameOf(operation), statusCode === 403]).toEqual([nameOf(operation), !isOpen]);
      expect(statusCode).toBeLessThan(500);
    }
  });

  it('asks an operator for the scope of the key', async () => {
    const scopes = { read: ['read'], write: ['read', 'ship', 'write'] };
    for (const [scope, allowed] of Object.entries(scopes)) {
      const caller = await api.aKeyOf(api.operator, [scope as keyof typeof scopes]);
      for (const operation of guarded()) {
        const { statusCode } = await ask(caller, operation);
        const isOpen = operation.access.audience.includes('operator') && allowed.includes(operation.access.scope!);
        expect([scope, nameOf(operation), statusCode === 403]).toEqual([scope, nameOf(operation), !isOpen]);
        expect(statusCode).toBeLessThan(500);
      }
    }
  });

  /** Their rows need more than a route to make; their own files try them. */
  const elsewhere = /^\/v1\/(orders|shipments|listings|tasks|attention|stock|hooks|accounts|labels)/;

  it('answers a foreign id like an unknown one, but for the request id', async () => {
    const withId = guarded().filter(({ path }) => path.includes('{id}') && !elsewhere.test(path));
    for (const operation of withId) {
      const id = rows[operation.path.split('/')[2]!];
      expect([nameOf(operation), id]).toEqual([nameOf(operation), expect.any(String)]);
      const unknownId = id!.replace(/[^_]+$/, 'unknown');
      const [foreign, unknown] = [
        await ask(strangers.foreign, operation, id),
        await ask(strangers.foreign, operation, unknownId),
      ];
      const comparable = JSON.stringify(withoutRequestId(foreign)).replaceAll(id!, unknownId);
      expect([nameOf(operation), comparable]).toEqual([nameOf(operation), JSON.stringify(withoutRequestId(unknown))]);
      expect([nameOf(operation), foreign.statusCode >= 400]).toEqual([nameOf(operation), true]);
      if (operation.method === 'GET') expect([nameOf(operation), foreign.statusCode]).toEqual([nameOf(operation), 404]);
    }
    expect(withId.length).toBeGreaterThan(10);
  });

  it('lists nothing of another account', async () => {
    const ids = Object.values(rows);
    for (const operation of guarded().filter(({ method, path }) => method === 'GET' && !path.includes('{'))) {
      const { body } = await ask(strangers.foreign, operation);
      expect([nameOf(operation), ids.filter((id) => body.includes(id))]).toEqual([nameOf(operation), []]);
    }
  });
});
