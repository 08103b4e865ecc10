import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';

const stored = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');

it("docs/openapi.json has no finding by Spectral's recommended rules, hints included", async () => {
  const spectral = new Spectral();
  spectral.setRuleset({ extends: [[oas as never, 'recommended']] });

  const findings = await spectral.run(JSON.parse(stored) as Record<string, unknown>);

  expect(findings.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`)).toEqual([]);
});
