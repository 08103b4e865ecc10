import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { Marked, type Tokens } from 'marked';
import type { App } from '../deps.ts';

/** A page of docs/ and its URL. `title`: its first heading. */
type Document = { url: string; title: string; html: string };

// A document is text: it runs no script and loads nothing.
const documentPolicy = [
  `default-src 'none'`,
  `style-src 'unsafe-inline'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The pages of docs/, such as /docs/errors: the `type` of a problem leads to the code's heading there. */
export function documentRoutes(app: App): void {
  // Rendered at the first request: a start need not wait for it.
  let pages: ReadonlyMap<string, string> | undefined;
  const htmlOf = (url: string) => (pages ??= new Map(readDocuments().map((one) => [one.url, one.html]))).get(url);
  for (const url of urlsByFile(rootOf(import.meta.dirname)).values())
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('content-security-policy', documentPolicy).send(htmlOf(url)),
    );
}

/** The project's Markdown files as pages. @throws Error when no folder above the code contains docs/ */
export function readDocuments(from = import.meta.dirname): Document[] {
  const root = rootOf(from);
  const urls = urlsByFile(root);
  const pages = [...urls].map(([file, url]) => ({ file, url, text: readFileSync(join(root, file), 'utf8') }));
  const menu = pages.map(({ url, text }) => `<li><a href="${url}">${escaped(titleOf(text))}</a></li>`).join('');
  return pages.map(({ file, url, text }) => {
    const title = titleOf(text);
    return { url, title, html: page({ title, menu, body: rendered(text, (href) => resolved(href, file, urls)) }) };
  });
}

function urlsByFile(root: string): Map<string, string> {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => posix.join('docs', file))
    .sort();
  return new Map(['README.md', ...files].map((file) => [file, urlOf(file)]));
}

/** The sources and the built output lie at different depths below docs/. */
function rootOf(from: string): string {
  if (existsSync(join(from, 'docs/errors.md'))) return from;
  if (dirname(from) === from) throw new Error('docs/errors.md is missing; it is served at /docs/errors.');
  return rootOf(dirname(from));
}

const urlOf = (file: string): string =>
  posix.join(
    '/docs',
    file
      .replace(/^docs\//, '')
      .replace(/\.md$/, '')
      .toLowerCase(),
  );

const titleOf = (text: string): string => /^# (.+)$/m.exec(text)?.[1] ?? 'Vendor Portals';

/** The URL that a link leads to: that of a page; a web address or an anchor as it is; null where nothing is served. */
function resolved(href: string, file: string, urls: ReadonlyMap<string, string>): string | null {
  if (/^(https?:|#)/.test(href)) return href;
  const [path, anchor] = href.split('#') as [string, string?];
  const url = urls.get(posix.join(posix.dirname(file), path));
  return url === undefined ? null : url + (anchor === undefined ? '' : `#${anchor}`);
}

function rendered(text: string, resolve: (href: string) => string | null): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: name }: Tokens.Heading): string {
        return `<h${depth} id="${anchorOf(name)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const url = resolve(href);
        const inner = this.parser.parseInline(tokens);
        return url === null ? inner : `<a href="${escaped(url)}">${inner}</a>`;
      },
    },
  });
  return marked.parse(text, { async: false });
}

/** The anchor that GitHub gives a heading, so that the links in docs/ work in both places. */
const anchorOf = (heading: string): string =>
  heading.toLowerCase().replace(/[^\p{Letter}\p{Number}\s_-]/gu, '').replace(/\s/g, '-'); // prettier-ignore

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#222}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;font-size:.875rem}
pre,table{display:block;overflow-x:auto}pre{background:#f5f5f5;padding:.75rem}code{font-size:.9em}
table{border-collapse:collapse}th,td{border:1px solid #ddd;padding:.25rem .5rem;text-align:left;vertical-align:top}
:target{background:#fff3b0}`;

const page = ({ title, menu, body }: { title: string; menu: string; body: string }): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}: Vendor Portals</title><style>${style}</style>
<nav><ul><li><a href="/docs">API reference</a></li>${menu}</ul></nav>
<main>${body}</main></html>`;
