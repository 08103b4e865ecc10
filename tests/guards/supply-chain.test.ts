import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { valid } from 'semver';

type Package = {
  name?: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  license?: string;
  hasInstallScript?: boolean;
};

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };

/** Licences that ask for no more than their text beside what we pass on. The fonts are OFL, a table of browsers is CC-BY. */
const freeLicences = ['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Zlib', 'OFL-1.1', 'CC-BY-4.0']; // prettier-ignore
/** Packages whose lockfile entry names none, as their own files do. */
const licencesByHand: Readonly<Record<string, string>> = {
  unionfs: 'Unlicense',
  ...{ busboy: 'MIT', streamsearch: 'MIT', 'connect-dynamodb': 'MIT', limiter: 'MIT', 'parent-require': 'MIT' },
};

const projects = [
  { folder: '.', scripts: Object.keys(allowScripts), licences: freeLicences },
  // Its .npmrc runs none of them. It is a program of its own, under the GPL as Vendure is.
  {
    folder: 'shops/vendure',
    scripts: ['@apollo/protobufjs', 'bcrypt'],
    licences: [...freeLicences, 'GPL-3.0-or-later'],
  },
  // A program of its own as well. Medusa's licence is MIT, except for roles and single sign-on: see its README.
  {
    folder: 'shops/medusa',
    scripts: ['@medusajs/telemetry', 'msgpackr-extract', 'protobufjs'],
    licences: [...freeLicences, 'SEE LICENSE IN LICENSE'],
  },
];

/** By SPDX: all parts of an AND, one part of an OR. */
const isFree = (expression: string, licences: readonly string[]): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' AND ')
    .every((part) => part.split(' OR ').some((licence) => licences.includes(licence)));

describe.each(projects)('the lockfile of $folder', ({ folder, scripts, licences }) => {
  const { packages } = JSON.parse(read(join(folder, 'package-lock.json'))) as { packages: Record<string, Package> };
  const installed = Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, entry]) => ({ ...entry, path, name: entry.name ?? path.split('node_modules/').at(-1)! }));
  const pathsOf = (found: typeof installed) => found.map(({ path }) => path);

  it('has a hash of each package, and a version of the registry', () => {
    expect(pathsOf(installed.filter(({ integrity }) => !integrity?.startsWith('sha512-')))).toEqual([]);
    expect(pathsOf(installed.filter(({ version }) => valid(version) === null))).toEqual([]);
    expect(installed.length).toBeGreaterThan(300);
  });

  it('names no host, so that each installation asks its own registry', () => {
    expect(pathsOf(installed.filter(({ resolved }) => resolved !== undefined))).toEqual([]);
  });

  it('has no install script but those that were looked at', () => {
    const found = installed.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);

    expect([...new Set(found)].sort()).toEqual([...scripts].sort());
  });

  it('has licences that we may pass on', () => {
    const bound = installed.filter(
      ({ dev, name, license }) => dev !== true && !isFree(licencesByHand[name] ?? license ?? 'none', licences),
    );

    expect(bound.map(({ path, license }) => `${path}: ${license}`)).toEqual([]);
  });
});

it.each(['vendure', 'medusa'])('the %s shop of the demo runs no install scripts', (shop) => {
  expect(read(`shops/${shop}/.npmrc`).split('\n')).toContain('ignore-scripts=true');
});

it('the Medusa shop installs no package of the Enterprise Edition', () => {
  const { overrides } = JSON.parse(read('shops/medusa/package.json')) as { overrides: Record<string, string> };

  for (const name of ['@medusajs/rbac', '@medusajs/auth-oidc']) expect(overrides[name]).toMatch(/^npm:dry-uninstall@/);
});

it('the list of what the product contains is CycloneDX, with the hash of each package', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const [npm, ...words] = scripts['sbom']!.split(' > ')[0]!.split(' ');
  const { bomFormat, components } = JSON.parse(
    execFileSync(npm!, words, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
  ) as { bomFormat: string; components: { name: string; version: string; hashes?: object[] }[] };

  expect(bomFormat).toBe('CycloneDX');
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'knex', 'pg']));
  expect(components.map(({ name }) => name)).not.toContain('jest');
  // The portal is a part of this repository.
  expect(components.filter(({ hashes, name }) => !hashes && !name.includes('portal'))).toEqual([]);
});
