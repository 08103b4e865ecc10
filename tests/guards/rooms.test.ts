import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const imports = '@typescript-eslint/no-restricted-imports';
const syntax = 'no-restricted-syntax';

type Case = { file: string; text: string; refusedBy: string[] };

const value = (from: string) => `import { thing } from '${from}';\nexport const used = thing;\n`;
const type = (from: string) => `import type { Thing } from '${from}';\nexport type Used = Thing;\n`;

/** Each room, what it may import by value and what it may not (docs/architecture.md). */
const rooms: { file: string; may: string[]; mayNot: string[] }[] = [
  {
    file: 'domain/made-up.ts',
    may: ['./order.ts'],
    mayNot: [
      '../db/orders/orders.ts',
      '../workflows/names.ts',
      '../config.ts',
      'zod',
      'node:crypto',
      '@temporalio/common',
    ],
  },
  {
    file: 'workflows/made-up.ts',
    may: ['../domain/orders/order.ts', '@temporalio/workflow', '@temporalio/common', './names.ts'],
    mayNot: [
      '../db/orders/orders.ts',
      '../activities/index.ts',
      '../api/app.ts',
      '../config.ts',
      'zod',
      'knex',
      'node:fs',
      '@temporalio/client',
    ],
  },
  {
    file: 'db/made-up.ts',
    may: ['../domain/orders/order.ts', 'knex', 'pg', 'node:crypto', './orders.ts'],
    mayNot: [
      '../workflows/names.ts',
      '../activities/index.ts',
      '../api/app.ts',
      'zod',
      'fastify',
      '@temporalio/client',
    ],
  },
  {
    file: 'activities/made-up.ts',
    may: [
      '../domain/orders/order.ts',
      '../db/orders/orders.ts',
      '../workflows/names.ts',
      './channels/channel.ts',
      '@temporalio/activity',
    ],
    mayNot: ['../api/app.ts', '../workers/bundle.ts', '../config.ts', 'knex', 'fastify'],
  },
  {
    file: 'activities/channels/made-up.ts',
    may: ['../../domain/orders/order.ts', './channel.ts', 'zod', 'undici', 'node:net'],
    mayNot: ['../../workflows/names.ts', '../../api/app.ts', '../../config.ts', '@temporalio/common', 'knex'],
  },
  {
    file: 'activities/channels/made-up/kind.ts',
    may: ['../../../domain/webhook.ts', '../kind.ts', '../signed-webhook.ts', './webhook.ts', 'zod', 'node:crypto'],
    mayNot: [
      '../safe-fetch.ts',
      '../channel.ts',
      './orders.ts',
      '../../../db/channels/channels.ts',
      'undici',
      'node:net',
    ],
  },
  {
    file: 'activities/paper/made-up.ts',
    may: [
      '../../domain/paper/slip.ts',
      '../../db/orders/orders.ts',
      '../deps.ts',
      './render.ts',
      '@myriaddreamin/typst-ts-node-compiler',
      'node:worker_threads',
    ],
    mayNot: ['../../api/app.ts', '../../workers/bundle.ts', '../../config.ts', 'knex', 'zod', 'undici'],
  },
  {
    file: 'temporal/made-up.ts',
    may: ['../domain/orders/order.ts', '../workflows/names.ts', './errors.ts', '@temporalio/client', 'node:crypto'],
    mayNot: ['../db/orders/orders.ts', '../activities/index.ts', '../api/app.ts', '../config.ts', 'knex', 'fastify'],
  },
  {
    file: 'workers/made-up.ts',
    may: [
      '../activities/index.ts',
      '../db/engine/pool.ts',
      '../temporal/starts.ts',
      '../workflows/names.ts',
      '../config.ts',
      '@temporalio/worker',
    ],
    mayNot: ['../api/app.ts', '../standalone/engine.ts', 'knex', 'fastify', 'zod'],
  },
  {
    file: 'api/made-up.ts',
    may: [
      '../domain/orders/order.ts',
      '../db/orders/orders.ts',
      '../temporal/errors.ts',
      '../workflows/names.ts',
      '../activities/channels/kinds.ts',
      'fastify',
      'zod',
      '@temporalio/client',
    ],
    mayNot: [
      '../activities/index.ts',
      '../activities/channels/vendure/kind.ts',
      '../activities/channels/channel.ts',
      '../workers/bundle.ts',
      '../standalone/engine.ts',
      '../config.ts',
      'knex',
      '@temporalio/worker',
    ],
  },
  {
    file: 'portal/src/screens/made-up.ts',
    may: ['../api/client.ts', '../../../clients/typescript/src/index.ts', 'react', '@tanstack/react-query', 'zod/mini'],
    mayNot: ['../../../api/app.ts', '../../../domain/orders/order.ts', '../../../config.ts', 'node:fs', 'fastify'],
  },
  {
    file: 'clients/typescript/src/made-up.ts',
    may: ['./problem.ts', 'openapi-fetch'],
    mayNot: ['../../../domain/errors.ts', '../../../api/app.ts', '../../../config.ts', 'zod', 'node:fs'],
  },
];

const importCases: Case[] = rooms.flatMap(({ file, may, mayNot }) => [
  ...may.map((from) => ({ file, text: value(from), refusedBy: [] })),
  ...mayNot.map((from) => ({ file, text: value(from), refusedBy: [imports] })),
  ...mayNot.map((from) => ({ file, text: type(from), refusedBy: [] })),
]);
const clockCases: Case[] = [
  { file: 'domain/made-up.ts', text: 'export const at = () => Date.now();', refusedBy: [syntax] },
  { file: 'domain/made-up.ts', text: 'export const at = () => new Date();', refusedBy: [syntax] },
  { file: 'domain/made-up.ts', text: 'export const at = () => Math.random();', refusedBy: [syntax] },
  { file: 'domain/made-up.ts', text: 'export const at = (iso: string) => new Date(iso);', refusedBy: [] },
  { file: 'db/made-up.ts', text: 'export const at = () => Date.now();', refusedBy: [] },
];
const environmentCases: Case[] = [
  ...['domain', 'workflows', 'db', 'activities', 'temporal', 'workers', 'api'].map((room) => ({
    file: `${room}/made-up.ts`,
    text: `export const level = process.env['LOG_LEVEL'];`,
    refusedBy: [syntax],
  })),
  { file: 'config.ts', text: `export const level = process.env['LOG_LEVEL'];`, refusedBy: [] },
];
const cases = [...importCases, ...clockCases, ...environmentCases];

let refused: string[][];
beforeAll(() => {
  const input = JSON.stringify(cases.map(({ file, text }) => ({ filePath: join(root, file), text })));
  const script = join(root, 'tests/support/engine/lint-texts.mjs');
  refused = JSON.parse(execFileSync(process.execPath, [script], { cwd: root, input, encoding: 'utf8' })) as string[][];
});

const titleOf = ({ file, text }: Case) => `${file}: ${text.split('\n')[0]}`;
const numbered = (some: readonly Case[]) => some.map((one) => [titleOf(one), one] as const);
const answerTo = (one: Case) => refused[cases.indexOf(one)];

describe('a room', () => {
  it.each(numbered(importCases.filter((one) => one.refusedBy.length > 0)))('refuses %s', (_title, one) => {
    expect(answerTo(one)).toEqual(one.refusedBy);
  });

  it.each(numbered(importCases.filter((one) => one.refusedBy.length === 0)))('allows %s', (_title, one) => {
    expect(answerTo(one)).toEqual([]);
  });
});

describe('time, randomness and the environment', () => {
  it.each(numbered([...clockCases, ...environmentCases]))('%s', (_title, one) => {
    expect(answerTo(one)).toEqual(one.refusedBy);
  });
});
