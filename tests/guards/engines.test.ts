import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { satisfies } from 'semver';

type Lockfile = { packages: Record<string, { version?: string; optional?: boolean; engines?: { node?: string } }> };

const root = join(import.meta.dirname, '../..');
const packagesOf = (path: string) =>
  Object.entries((JSON.parse(readFileSync(join(root, path), 'utf8')) as Lockfile).packages);

// npm prints a warning for each package that does not take the Node that installs it.
describe.each(['package-lock.json', 'shops/vendure/package-lock.json', 'shops/medusa/package-lock.json'])(
  'the packages of %s',
  (path) => {
    it.each(['20.19.0', '22.15.0', '24.0.0'])('take Node %s', (node) => {
      const refusing = packagesOf(path).filter(
        ([, { engines }]) => engines?.node !== undefined && !satisfies(node, engines.node),
      );

      expect(refusing.map(([name, { version, engines }]) => `${name} ${version}: ${engines?.node}`)).toEqual([]);
    });
  },
);
