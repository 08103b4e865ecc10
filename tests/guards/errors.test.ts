import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { problemTable } from '../../api/plugins/errors-table.ts';
import { errorCodes } from '../../domain/errors.ts';

describe('docs/errors.md', () => {
  const sections = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
    .split(/^## /m)
    .slice(1);
  const headings = sections.map((section) => section.split('\n')[0]!.trim());

  it('has one heading per code, in the order of the list', () => {
    expect(headings).toEqual([...errorCodes]);
  });

  it.each(sections.map((section) => [section.split('\n')[0]!.trim(), section]))(
    'says of %s which status it has and what to do',
    (code, section) => {
      const { status } = problemTable[code as keyof typeof problemTable];

      expect(section).toMatch(new RegExp(`^${status}\\. \\S`, 'm'));
      expect(section).toMatch(/^\*\*What to do\*\*: \S/m);
    },
  );
});
