import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openApiText } from '../../api/openapi/openapi-text.ts';

type Document = {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
type Operation = { operationId: string; tags: string[]; requestBody?: Content; responses: Record<string, Content> };
type Content = { description?: string; content?: Record<string, { schema: { $ref?: string }; example?: object }> };

const stored = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');
const { tags, paths, components } = JSON.parse(stored) as Document;
const { schemas } = components;
const operations = Object.values(paths).flatMap((path) => Object.values(path));

// A response with a transform, a bigint or a map cannot be described, so this fails for it too, before a client does.
it('docs/openapi.json is what the routes say: `npm run openapi` writes it', async () => {
  expect(stored).toBe(await openApiText());
});

it('each operation has an id of its own, in the style of a function name', () => {
  const ids = operations.map(({ operationId }) => operationId);

  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)*$/.test(id))).toEqual([]);
});

it('the document describes exactly the tags that its operations have', () => {
  const used = new Set(operations.flatMap((operation) => operation.tags));

  expect(tags.map(({ name }) => name).sort()).toEqual([...used].sort());
});

describe('what a generator reads', () => {
  const everything = [...partsOf(JSON.parse(stored))];

  // RE2 and most generators read neither lookaround nor classes of Unicode.
  it('has patterns of the plain kind alone', () => {
    const patterns = everything.flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []));

    expect(patterns.length).toBeGreaterThan(20);
    expect(patterns.filter((pattern) => /\(\?(?!:)|\\p/i.test(pattern))).toEqual([]);
  });

  it('says of each success what the caller gets', () => {
    const texts = operations.flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, { description }]) => (status < '3' ? [description ?? ''] : [])),
    );

    expect(texts.length).toBeGreaterThanOrEqual(operations.length);
    expect(texts.filter((text) => !/^[A-Z].+\.$/.test(text) || text === 'Default Response')).toEqual([]);
  });

  it('has a description of each field of each body', () => {
    const bodies = operations.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}));
    const fields = bodies.flatMap(({ schema }) => fieldsOf(schema));

    expect(fields.length).toBeGreaterThan(150);
    expect([...new Set(fields.filter(({ isDescribed }) => !isDescribed).map(({ name }) => name))]).toEqual([]);
  });

  // That they are the right ones, each answer in tests/api shows (tests/support/engine/declared-answer.ts).
  it('has the error codes of each operation, by status', () => {
    const vague = operations.filter(
      ({ responses }) => '4XX' in responses || !('500' in responses && '400' in responses),
    );

    expect(vague.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('has a name for each body and each answer', () => {
    const inline = operations.flatMap(({ operationId, requestBody, responses }) => {
      const answers = Object.entries(responses).flatMap(([status, answer]) => (status < '3' ? [answer] : []));
      const schemas = [requestBody, ...answers].map((part) => part?.content?.['application/json']?.schema);
      return schemas.some((schema) => schema !== undefined && schema.$ref === undefined) ? [operationId] : [];
    });

    expect(inline).toEqual([]);
  });

  // Spectral's rules compare each with its schema (tests/guards/openapi-lint.test.ts).
  it('has an example of each body', () => {
    const bodies = operations.flatMap(({ requestBody }) => requestBody?.content?.['application/json'] ?? []);
    const lacking = bodies.filter(({ example }) => example === undefined);

    expect(bodies.length).toBeGreaterThan(25);
    expect(lacking).toEqual([]);
  });

  it('has a number where a query asks for one', () => {
    const limits = everything.filter(({ name, in: place }) => name === 'limit' && place === 'query');

    expect(limits.length).toBeGreaterThan(10);
    expect(limits.filter(({ schema }) => (schema as { type: string }).type !== 'integer')).toEqual([]);
  });
});

/** Every object of the document, however deep. */
function* partsOf(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* partsOf(part);
}

type Schema = {
  $ref?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

/** The fields of a body, those of its parts included. */
function fieldsOf(schema: Schema, place = ''): { name: string; isDescribed: boolean }[] {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return fieldsOf(schemas[name]!, name);
  const own = Object.entries(schema.properties ?? {}).flatMap(([field, inner]) => [
    { name: `${place}.${field}`, isDescribed: inner.$ref !== undefined || inner.description !== undefined },
    ...fieldsOf(inner, `${place}.${field}`),
  ]);
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...own, ...parts.flatMap((part) => fieldsOf(part, place))];
}
