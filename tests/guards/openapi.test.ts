import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openApiText } from '../../api/openapi/openapi-text.ts';

// A response with a transform, a bigint or a map cannot be described, so this fails for it too, before a client does.
it('docs/openapi.json is what the routes say: `npm run openapi` writes it', async () => {
  const stored = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');

  expect(stored).toBe(await openApiText());
});
