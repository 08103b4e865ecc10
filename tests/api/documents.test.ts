import { beforeAll, describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { documentRoutes, readDocuments } from '../../api/openapi/documents.ts';
import { errorCodes } from '../../domain/errors.ts';
import type { App } from '../../api/deps.ts';

const pages = readDocuments();
const pageAt = (url: string) => pages.find((page) => page.url === url)!;
const idsOf = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);

describe('the documents', () => {
  let app: App;
  beforeAll(() => {
    app = Fastify().withTypeProvider();
    documentRoutes(app);
  });

  it.each([
    '/docs/errors',
    '/docs/files',
    '/docs/lifecycle',
    '/docs/rules',
    '/docs/readme',
    '/docs/decisions/0003-one-push-at-a-time',
  ])('are pages without scripts: %s', async (url) => {
    const answer = await app.inject(url);

    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
    expect(answer.body).not.toContain('<script');
  });

  it('say under each code what to do about it', () => {
    const { html } = pageAt('/docs/errors');
    const sections = new Map(html.split('<h2 id="').map((section) => [section.split('"')[0]!, section]));

    for (const code of errorCodes) expect(sections.get(code)).toContain('<strong>What to do</strong>');
  });

  it('lead to pages and headings that exist', () => {
    const broken = pages.flatMap(({ url, html }) =>
      [...html.matchAll(/href="(\/docs\/[^"]*|#[^"]*)"/g)]
        .map(([, href]) => (href!.startsWith('#') ? url + href : href!))
        .filter((href) => {
          const [path, anchor] = href.split('#') as [string, string?];
          const target = pages.find((page) => page.url === path);
          return !target || (anchor !== undefined && !idsOf(target.html).includes(anchor));
        }),
    );

    expect(broken).toEqual([]);
  });
});
