import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const source = join(root, 'clients/typescript');
const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
    scripts: Record<string, string>;
  };
const run = (command: string, words: readonly string[], cwd: string) =>
  execFileSync(command, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const use = `
import { createClient, dataOf, ProblemError, type NewShipment, type Order } from '@vendor-portals/client';

const asked: string[] = [];
const client = createClient({
  baseUrl: 'http://api.test',
  key: 'vp_key',
  fetch: async (request) => {
    asked.push(\`\${request.method} \${request.url} \${request.headers.get('authorization')}\`);
    const problem = { type: '/docs/errors#order_not_found', title: 'Order not found', status: 404, detail: 'There is none.' };
    return Response.json({ ...problem, instance: 'req_1', code: 'order_not_found' }, { status: 404 });
  },
});
const path = { id: 'ord_1' };
const body: NewShipment = { carrier: 'ups', trackingNumber: '1Z999AA10123456784' };
const { error } = await client.POST('/v1/orders/{id}/shipments', { params: { path }, body });
// The compiler knows which codes this operation answers.
if (error?.code === 'tracking_already_recorded') throw new Error('not this one');
// @ts-expect-error no operation of shipments answers it
if (error?.code === 'sku_taken') throw new Error('nor this one');
// @ts-expect-error a shipment has no such method
await client.POST('/v1/orders/{id}/shipments', { params: { path }, body: { method: 'letter' } });

const order: Promise<Order> = dataOf(client.GET('/v1/orders/{id}', { params: { path } }));
const refusal = await order.catch((caught: unknown) => caught);
if (!(refusal instanceof ProblemError)) throw new Error('not a problem');
console.log(JSON.stringify({ asked, code: refusal.code, status: refusal.status }));
`;

describe('the package of the TypeScript client', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vp-client-'));
    run('npm', ['pack', '--silent', '--pack-destination', folder], source);
    const installed = join(folder, 'node_modules/@vendor-portals/client');
    mkdirSync(installed, { recursive: true });
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    run('tar', ['-xzf', join(folder, tarball!), '--strip-components=1', '-C', installed], folder);
    for (const name of [
      ...Object.keys(manifestOf(source).dependencies),
      'openapi-typescript-helpers',
      '@types/node',
      'undici-types',
    ]) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    const options = {
      target: 'es2023',
      lib: ['es2023'],
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.ts'] }));
    writeFileSync(join(folder, 'use.ts'), use);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives a program types that refuse a wrong call, and a client that asks', () => {
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder);

    expect(JSON.parse(run(process.execPath, [join(folder, 'use.js')], folder))).toEqual({
      asked: [
        'POST http://api.test/v1/orders/ord_1/shipments Bearer vp_key',
        'POST http://api.test/v1/orders/ord_1/shipments Bearer vp_key',
        'GET http://api.test/v1/orders/ord_1 Bearer vp_key',
      ],
      code: 'order_not_found',
      status: 404,
    });
  });

  it('has nothing in it but what is used', () => {
    const installed = readdirSync(join(folder, 'node_modules/@vendor-portals/client'), { recursive: true });

    expect(installed.map(String).sort()).toEqual(
      ['LICENSE', 'README.md', 'dist', 'package.json', ...['api', 'client', 'index', 'problem'].flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`])].sort(),
    ); // prettier-ignore
  });

  it('has the version of the service, and the packages that the service has', () => {
    const [client, service] = [manifestOf(source), manifestOf(root)];

    expect(client.version).toBe(service.version);
    expect(service.dependencies).toMatchObject(client.dependencies);
  });
});

it('the types of the client are those of docs/openapi.json: `npm run openapi` writes them', () => {
  const [, generate = ''] = manifestOf(root).scripts['openapi']!.split(' && ');
  const [command, ...words] = generate.split(' ');

  run(join(root, 'node_modules/.bin', command!), [...words, '--check'], root);
});
