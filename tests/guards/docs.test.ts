import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { z } from 'zod';
import { environmentSchema, migrationEnvironmentSchema, standaloneEnvironmentSchema } from '../../config.ts';
import { hintFor, parkingSteps, possibleActions } from '../../domain/attention.ts';
import { errorCodes, isErrorCode } from '../../domain/errors.ts';
import { searchAttributes } from '../../workflows/names.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root })
  .toString()
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const documents = tracked.filter((path) => path.endsWith('.md'));
const readme = read('README.md');

describe('the table of docs/configuration.md', () => {
  const rows = [
    ...read('docs/configuration.md').matchAll(/^\| `([A-Z0-9_]+)` +\| ([^|]+?) +\| ([pms ]+?) +\| (.+?) *\|$/gm),
  ];
  const schemas = { p: environmentSchema, m: migrationEnvironmentSchema, s: standaloneEnvironmentSchema };
  // The processes' own schema last: what is required of them is optional for `npm start`.
  const shapes: Record<string, z.ZodType> = {
    ...standaloneEnvironmentSchema.shape,
    ...migrationEnvironmentSchema.shape,
    ...environmentSchema.shape,
  };

  it('has exactly the variables that config.ts reads', () => {
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(shapes).sort());
  });

  it.each(Object.entries(shapes))('gives the default of %s', (name, shape) => {
    const shown = rows.find((row) => row[1] === name)?.[2];

    const missing = shape.safeParse(undefined);

    expect(shown?.replaceAll('`', '').replace(/ \(m\)$/, '')).toBe(
      missing.success ? inWords(missing.data) : 'required',
    );
  });

  it.each(Object.entries(schemas))('says which variables %s reads', (letter, schema) => {
    const marked = rows.filter((row) => row[3]?.split(' ').includes(letter)).map((row) => row[1]);

    expect(marked.sort()).toEqual(Object.keys(schema.shape).sort());
  });
});

function inWords(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === '' || Array.isArray(value)) return 'empty';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

describe('documents', () => {
  it.each(documents.filter((path) => !path.startsWith('shops/')))('%s names npm scripts that exist', (path) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(path).matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2],
    );

    expect(named.filter((name) => scripts[name!] === undefined)).toEqual([]);
  });

  it.each(documents)('%s has links that lead somewhere', (path) => {
    const links = [...withoutCode(read(path)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);

    expect(links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(path, link))).toEqual([]);
  });

  it.each(documents.filter((path) => !path.startsWith('shops/')))('%s names files that exist', (path) => {
    const named = [
      ...read(path).matchAll(/`((?:\.?[\w-]+\/)*\.?[\w-]+\.(?:ts|js|mjs|yml|md|json|csv)|[\w-]+(?:\/[\w-]+)*\/)`/g),
    ]
      .map((match) => match[1]!)
      .filter((name) => !/^(\.vendor-portals|dist)\//.test(name));

    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  it('shows every room in the README', () => {
    const rooms = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory() && !/^[.]|^(node_modules|dist|coverage|bench)$/.test(name)); // prettier-ignore

    expect(rooms.filter((room) => !readme.includes(`| \`${room}/\``))).toEqual([]);
  });

  it('begin the changelog with what is not released', () => {
    expect(/^## (.+)$/m.exec(read('CHANGELOG.md'))?.[1]).toBe('Unreleased');
  });
});

/** Links in code are examples. */
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');

function leadsSomewhere(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || headingsOf(target).includes(anchor);
}

/** As GitHub makes them. */
const headingsOf = (path: string) =>
  [...withoutCode(read(path)).matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Codes that stand in the same files and cannot be the code of an attention. */
const neverParked = [
  // Refusals of a message, or of an item or a run of a task.
  'import_orders_paused',
  'invalid_resolution',
  'location_not_chosen',
  'label_scanned',
  'nothing_parked',
  'order_already_imported',
  'order_cancelled',
  'order_dropshipped',
  'order_is_split',
  // A channel's own word, which becomes `channel_rate_limited`.
  'rate_limited',
  'resolution_not_possible',
  'shipment_voided',
  'signature_invalid',
  'sku_missing',
  // Refusals of a purchase: they fail the label.
  'address_not_deliverable',
  'carrier_not_allowed',
  'customs_data_missing',
  'label_account_missing',
  'nothing_left_to_ship',
  'quantity_exceeds_open',
  'quote_not_found',
  'rate_changed',
  'ship_from_missing',
  'warehouse_not_found',
  // What a print job leaves out, or fails with; refusals of a slip.
  'document_not_found',
  'nothing_to_print',
  'print_job_too_large',
];

/** Whatever a step's activities can end with: these files raise, translate or name the codes. */
const raising = tracked.filter(
  (path) => /^(workflows|activities)\/.+\.ts$/.test(path) || path === 'workers/interceptors.ts',
);

describe('docs/support.md', () => {
  const text = read('docs/support.md');
  const entries = [...text.matchAll(/^### (`.+)$/gm)].flatMap((match) =>
    [...match[1]!.matchAll(/`(\w+)`/g)].map((code) => code[1]!),
  );

  it('has an entry for every code with a hint', () => {
    const hinted = errorCodes.filter((code) => hintFor(code) !== hintFor('route_not_found'));

    expect(hinted.length).toBeGreaterThan(5);
    expect(hinted.filter((code) => !entries.includes(code))).toEqual([]);
  });

  it.each(raising)('has an entry for every code that %s can park with', (path) => {
    const codes = [...read(path).matchAll(/'([a-z]+(?:_[a-z]+)*)'/g)].map((match) => match[1]!).filter(isErrorCode);

    expect(codes.filter((code) => !entries.includes(code) && !neverParked.includes(code))).toEqual([]);
  });

  it('has no entry for a code that does not exist', () => {
    expect(entries.filter((code) => !isErrorCode(code))).toEqual([]);
  });

  it('says of every entry what it means, what to check and how to fix it', () => {
    const sections = text.split(/^### (?=`)/m).slice(1);

    expect(sections.length).toBeGreaterThan(10);
    expect(sections.filter((section) => !/^_.+_\. [\s\S]+^- Check: [\s\S]+^- Fix: /m.test(section))).toEqual([]);
  });

  it.each(parkingSteps)('gives the decisions of the step %s', (step) => {
    const actions = possibleActions[step].map((action) => `\`${action}\``).join(' ');

    expect(text).toMatch(new RegExp(`^\\| \`${step}\` +\\|[^|]+\\| ${actions} +\\|$`, 'm'));
  });

  it('queries search attributes that exist', () => {
    const known = [
      ...Object.values(searchAttributes).map(({ name }) => name),
      ...['ExecutionStatus', 'WorkflowType', 'StartTime'],
    ];
    const queried = [...text.matchAll(/\b([A-Z][A-Za-z]+) (?:=|<|STARTS_WITH) /g)].map((match) => match[1]!);

    expect(queried.length).toBeGreaterThan(5);
    expect(queried.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('tracked text', () => {
  /** Binary files hold NUL bytes. */
  const texts = tracked
    .filter((path) => path !== 'tests/guards/docs.test.ts')
    .map((path) => ({ path, text: readFileSync(join(root, path)) }))
    .filter(({ text }) => !text.subarray(0, 8_000).includes(0))
    .map(({ path, text }) => ({ path, text: text.toString('utf8') }));
  const having = (pattern: RegExp) =>
    texts.flatMap(({ path, text }) => (pattern.test(text) ? [`${path}: ${pattern.exec(text)![0]}`] : []));

  it('names no folder of one machine', () => {
    expect(having(/(?<![\w.:/-])\/(?:home|Users|root|work|mnt|workspace)\/[\w.-]+/)).toEqual([]);
  });

  it('names no package registry', () => {
    expect(
      having(/\b(?:registry|artifactory|nexus|verdaccio|pypi)\.[a-z0-9-]+\.[a-z]+|files\.pythonhosted|jfrog\.io/i),
    ).toEqual([]);
  });
});
