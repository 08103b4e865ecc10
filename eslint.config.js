import queryPlugin from '@tanstack/eslint-plugin-query';
import hooksPlugin from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The rooms of the house and what each may import by value (docs/architecture.md). Types may come from anywhere. */
const rooms = {
  domain: { only: [] },
  workflows: { only: ['domain'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  db: { only: ['domain'], packages: ['knex', 'pg', 'node:*'] },
  activities: {
    only: ['domain', 'db', 'temporal', 'workflows'],
    packages: ['@temporalio/activity', '@temporalio/client', '@temporalio/common', 'node:*', 'pino'],
  },
  'activities/channels': {
    only: ['domain', 'db', 'activities'],
    packages: ['zod', 'undici', 'ipaddr.js', 'standardwebhooks', 'node:*'],
  },
  'activities/labels/providers': {
    only: ['domain', 'activities'],
    packages: ['zod', '@easypost/api', 'shippo', 'node:*'],
  },
  'activities/paper': {
    only: ['domain', 'db', 'temporal', 'workflows', 'activities'],
    packages: [
      '@temporalio/activity',
      '@temporalio/client',
      '@temporalio/common',
      'node:*',
      '@myriaddreamin/typst-ts-node-compiler',
    ],
  },
  temporal: {
    only: ['domain', 'workflows'],
    packages: ['@temporalio/client', '@temporalio/common', 'node:*'],
  },
  workers: {
    only: ['activities', 'db', 'domain', 'temporal', 'workflows', 'config.ts'],
    packages: ['@temporalio/*', 'node:*', 'pino', 'prom-client', 'close-with-grace', 'undici'],
  },
  api: {
    only: ['domain', 'db', 'temporal', 'workflows'],
    // The kinds of channels, without their connectors.
    except: ['activities/channels/kinds'],
    packages: [
      'fastify',
      'fastify-type-provider-zod',
      '@fastify/*',
      '@scalar/*',
      'zod',
      '@temporalio/client',
      '@temporalio/common',
      'node:*',
      'pino',
      'prom-client',
      'close-with-grace',
      'ipaddr.js',
      'csv-parse',
      'fflate',
      'read-excel-file',
      '@fastify/busboy',
      'csv-stringify',
      'marked',
      '@node-rs/argon2',
      'pdf-lib',
      'nodemailer',
      'helmet',
    ],
  },
  clients: { only: [], packages: ['openapi-fetch'] },
  'portal/src': {
    only: ['clients', 'portal'],
    ownFolders: ['api'],
    packages: [
      'react',
      'react-dom',
      '@tanstack/*',
      '@base-ui/*',
      '@fontsource-variable/*',
      'lucide-react',
      'openapi-fetch',
      'zod',
    ],
  },
};
const everyRoom = [
  'domain',
  'workflows',
  'db',
  'activities',
  'temporal',
  'workers',
  'api',
  'standalone',
  'clients',
  'portal',
  'shops',
  'bench',
  'tests',
];

/**
 * `ownFolders`: folders of the room itself that have the name of a room; the room is three or more folders up.
 * `except`: files of other rooms that it may import.
 */
function boundary(room, { only, packages = [], ownFolders = [], except = [] }) {
  const foreign = everyRoom.filter((name) => !only.includes(name) && !room.startsWith(name));
  const files = [
    ...(only.includes('config.ts') ? [] : ['config']),
    ...foreign.map((name) => `${ownFolders.includes(name) ? '(?<=(\\.\\./){3})' : ''}${name}/.*`),
  ];
  return {
    files: [`${room}/**/*.ts`, `${room}/**/*.tsx`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(?!(${except.join('|') || '$^'})\\.ts$)(${files.join('|')})(\\.ts)?$`,
              allowTypeImports: true,
              message: `${room}/ may not import this room (docs/architecture.md).`,
            },
            {
              regex: `^(?!\\.)(?!(${packages.map(packagePattern).join('|') || '$^'})(/|$))`,
              allowTypeImports: true,
              message: `${room}/ may not import this package (docs/architecture.md).`,
            },
          ],
        },
      ],
    },
  };
}

function packagePattern(name) {
  return name.replace(/[.]/g, '\\.').replace('/*', '/[^/]+').replace(':*', ':[^/]+(/[^/]+)*');
}

/** What the API knows of each kind of channel. No connector is loaded with it. */
const kinds = {
  files: [
    'activities/channels/kinds.ts',
    'activities/channels/**/kind.ts',
    'activities/channels/**/*-kind.ts',
    'activities/channels/**/*webhook.ts',
  ],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^\\.(?!(\\.|/)*domain/)(?!.*\\b(kind|webhook)\\.ts$)',
            allowTypeImports: true,
            message: 'The API loads this file: it may import no connector (docs/channels.md).',
          },
          {
            regex: '^(?!\\.)(?!(zod|node:crypto)$)',
            allowTypeImports: true,
            message: 'The API loads this file: it may not import this package (docs/channels.md).',
          },
        ],
      },
    ],
  },
};

const clock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time is an argument here.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument here.' },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Randomness is an argument here.',
  },
];
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'config.ts is the only reader of the environment.',
};

export default tseslint.config(
  { ignores: ['**/dist', '.vendor-portals', 'node_modules', 'shops', 'coverage', 'tests/fixtures', '**/src/api.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      'max-depth': ['error', 3],
      'no-restricted-syntax': ['error', environment],
    },
  },
  {
    files: ['config.ts', 'standalone/**/*.ts', 'tests/**/*.ts', 'bench/**/*.ts', 'portal/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['portal/src/**/*.ts', 'portal/src/**/*.tsx'],
    extends: [hooksPlugin.configs.flat.recommended, queryPlugin.configs['flat/recommended']],
    // JSX is long; the rest of a component is not.
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['domain/**/*.ts'], rules: { 'no-restricted-syntax': ['error', environment, ...clock] } },
  ...Object.entries(rooms).map(([room, limits]) => boundary(room, limits)),
  kinds,
  // Composition roots see the configuration; nothing else in their rooms does.
  {
    files: ['api/main.ts', 'workers/main.ts', 'workers/build-bundle.ts', 'db/migrate.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts', 'standalone/**/*.ts', 'db/migrations/**/*.ts', 'db/migrations.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
