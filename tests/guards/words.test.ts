import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Another license, recorded runs, generated files, the list itself and this file. */
const notOurs =
  /^(shops|tests\/fixtures)\/|^(package(-lock)?\.json|docs\/(openapi\.json|glossary\.md)|tests\/guards\/words\.test\.ts)$/;

/** Where an old word is right in another sense. `phrase`: what is written there, as plain words. */
const allowed: { phrase: string; in?: RegExp }[] = [
  // A promise, a payment and a refund of Vendure, and a flag of the Temporal server.
  { phrase: 'all settled' },
  { phrase: 'promise settled result' },
  { phrase: 'payment settled' },
  { phrase: 'settle payment' },
  { phrase: 'settle refund' },
  { phrase: 'state settled' },
  { phrase: 'disable news fetch' },
  // The words of people in a warehouse, as the portal writes them.
  { phrase: 'hand(?:ed|ing)? (?:it |them |units )?on', in: /^(portal|tests\/(support\/)?portal|bench)\// },
  // Units on hand, twice in a row.
  { phrase: 'on hand on hand' },
  // The models of random orders, and the time that a process runs.
  { phrase: 'life', in: /^(tests\/|docs\/guarantees\.md$|CONTRIBUTING\.md$)/ },
  { phrase: 'lives', in: /^tests\// },
  { phrase: 'lives as long as the process' },
];

/** Identifiers and prose alike become plain words between blanks: `handedOn`, `handed_on`, "handed\n * on". */
const plain = (text: string): string =>
  ` ${(text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).join(' ').toLowerCase()} `;

const [, section = ''] = /^## Words we do not use$([\s\S]*)/m.exec(read('docs/glossary.md')) ?? [];
const words = [...section.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`([a-z ]+)`/g)].map(([, word]) => word!),
);

const among = (phrase: string) => new RegExp(`(?<= )${phrase}(?= )`, 'g');

function oldWordsIn(path: string, text: string): string[] {
  const right = allowed.filter((one) => one.in?.test(path) ?? true);
  const rest = right.reduce((left, { phrase }) => left.replace(among(phrase), '…'), plain(text));
  // Of a pair, a word may be between: "hand it on".
  return words.flatMap((word) => rest.match(among(word.replace(' ', ' (?:(?:it|them|units) )?'))) ?? []);
}

const ours = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\0')
  .filter((path) => /\.(tsx?|mjs|js|sql|md|yml|json)$/.test(path) && existsSync(join(root, path)))
  .filter((path) => !notOurs.test(path));

describe('the words that we do not use', () => {
  it('are listed in the glossary', () => {
    expect(words).toEqual(expect.arrayContaining(['told', 'hand on', 'fulfilment']));
  });

  it.each([
    ['const toldUnits = 1;', ['told']],
    ['what it has handed\n * on is its own', ['handed on']],
    ['they hand it on; a repeatable intake', ['intake', 'hand it on', 'repeatable']],
    ['await Promise.allSettled(runs); physicalOnHand - onHand', []],
  ])('are found in %j', (text, found) => {
    expect(oldWordsIn('domain/made-up.ts', text)).toEqual(found);
  });

  it('are in no file of ours', () => {
    const found = ours.map((path) => ({ path, words: oldWordsIn(path, read(path)) }));

    expect(ours.length).toBeGreaterThan(200);
    expect(found.filter((one) => one.words.length > 0)).toEqual([]);
  });
});
