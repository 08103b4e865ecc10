import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import type { App } from '../../api/deps.ts';
import { portalPage } from '../../api/portal-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'vp-portal-'));
const script = 'export const page = 1;\n'.repeat(100);
const start = async (from: string): Promise<App> => {
  const app = Fastify() as unknown as App;
  await portalPage(from)(app);
  await app.ready();
  return app;
};
let app: App;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>The portal</title>');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/index-Ab12.js'), script);
  writeFileSync(join(folder, 'assets/index-Ab12.js.gz'), gzipSync(script));
  app = await start(folder);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

describe('the served portal', () => {
  it.each(['/portal/', '/portal/acct_1/orders?view=all', '/portal/link'])('is one page at %s', async (url) => {
    const { statusCode, headers, body } = await app.inject({ url });

    expect(statusCode).toBe(200);
    expect(body).toContain('The portal');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  });

  it.each([
    ['/', '/portal/'],
    ['/portal', '/portal/'],
  ])('is reached from %s', async (url, location) => {
    const { statusCode, headers } = await app.inject({ url });

    expect([statusCode, headers['location']]).toEqual([302, location]);
  });

  it('sends files compressed, for good', async () => {
    const { headers, rawPayload } = await app.inject({
      url: '/portal/assets/index-Ab12.js',
      headers: { 'accept-encoding': 'gzip' },
    });

    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(rawPayload.length).toBeLessThan(script.length / 2);
  });

  it('asks for a file without a hash in its name again', async () => {
    const { headers } = await app.inject({ url: '/portal/icon.svg' });

    expect(headers['cache-control']).toBe('no-cache');
  });

  it.each(['/portal/assets/gone-Cd34.js', '/portal/assets/../../package.json', '/portal/assets/index-Ab12.js.gz'])(
    'has no page in place of the file %s',
    async (url) => {
      expect((await app.inject({ url })).statusCode).toBe(404);
    },
  );

  it('is left out where it has not been built', async () => {
    const without = await start(join(folder, 'not-built'));

    expect((await without.inject({ url: '/portal/' })).statusCode).toBe(404);
    await without.close();
  });
});
