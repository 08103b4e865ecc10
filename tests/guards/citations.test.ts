import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const texts = execFileSync('git', ['ls-files', '-z', '*.ts', '*.mjs', '*.md'], { cwd: root })
  .toString()
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)))
  .map((path) => ({ path, text: read(path) }));

/** Every number that a text cites, with its file. A citation may break over two lines of a comment. */
const cited = (pattern: RegExp) =>
  texts.flatMap(({ path, text }) => [...text.matchAll(pattern)].map((match) => ({ path, number: match[1]! })));

const numbers = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!);

const [, laws = ''] = /^## The laws$([\s\S]*?)^## /m.exec(read('docs/architecture.md')) ?? [];

describe('citations', () => {
  it.each([
    { of: 'laws', cite: /\blaws?[\s*/]+(\d+)\b/gi, known: numbers(laws, /^(\d+)\. \*\*/gm) },
    { of: 'rules', cite: /\brules[\s*/]+§(\d+)/gi, known: numbers(read('docs/rules.md'), /^## (\d+)\. /gm) },
  ])('name $of that exist', ({ cite, known }) => {
    const citations = cited(cite);

    expect(known).toEqual(known.map((_, index) => String(index + 1)));
    expect(citations.length).toBeGreaterThan(20);
    expect(citations.filter(({ number }) => !known.includes(number))).toEqual([]);
  });
});
