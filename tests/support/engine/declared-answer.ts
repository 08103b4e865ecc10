import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Schema = { $ref?: string; allOf?: Schema[]; properties?: { code?: { enum?: string[] } } };
type Answer = { $ref?: string; content?: Record<string, { schema: Schema }> };
type Operation = { responses: Record<string, Answer> };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer> };
};

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8')) as Document;
const routes = Object.entries(document.paths)
  .map(([path, operations]) => ({ pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`), path, operations }))
  // A path without parameters is meant before one with.
  .sort((one, other) => Number(one.path.includes('{')) - Number(other.path.includes('{')));

type Answered = { method: string; url: string; status: number; text: string };

/** Of a route of the API document, each status and each error code is one that its operation names. */
export function assertDeclared({ method, url, status, text }: Answered): void {
  const [path = ''] = url.split('?');
  const operation = routes.find(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()];
  if (operation === undefined) return;
  const named = operation.responses[status];
  const answer = named?.$ref === undefined ? named : document.components.responses[named.$ref.split('/').at(-1)!];
  const code = status < 400 ? undefined : (JSON.parse(text) as { code: string }).code;
  if (answer !== undefined && (code === undefined || codesOf(answer).includes(code))) return;
  throw new Error(`${method} ${path} answers ${status} ${code ?? ''}, which docs/openapi.json does not name.`);
}

const codesOf = ({ content }: Answer): string[] =>
  (content?.['application/problem+json']?.schema.allOf ?? []).flatMap(({ properties }) => properties?.code?.enum ?? []);
