import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openApiText } from '../../api/openapi/openapi-text.ts';

type Document = {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
};

const stored = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');
const { tags, paths } = JSON.parse(stored) as Document;
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
