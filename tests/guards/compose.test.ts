import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environmentSchema, migrationEnvironmentSchema } from '../../config.ts';
import { searchAttributeTypes } from '../../workflows/names.ts';

interface Service {
  readonly image?: string;
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
}

const text = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };
const environmentOf = (name: string) => Object.keys(services[name]?.environment ?? {});

/** For fault tests only; an installation must not even be able to set them. */
const forTests = ['CRASH_AT', 'CRASH_MARK', 'ALLOW_CRASH_POINTS'];

describe('docker-compose.yml', () => {
  it('has every part of the multi-machine shape', () => {
    const parts = ['postgres', 'temporal', 'temporal-ui', 'migrate', 'api', 'worker'];
    expect(Object.keys(services)).toEqual(expect.arrayContaining(parts));
  });

  it.each(['postgres', 'temporal', 'temporal-ui', 'api', 'worker'])('knows whether %s is healthy', (name) => {
    expect(services[name]?.healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(['api', 'worker'])('gives %s every variable that config.ts knows, and no other', (name) => {
    const known = Object.keys(environmentSchema.shape).filter((variable) => !forTests.includes(variable));

    expect(environmentOf(name).sort()).toEqual(known.sort());
  });

  it('gives migrate what a migration reads', () => {
    expect(environmentOf('migrate').sort()).toEqual(Object.keys(migrationEnvironmentSchema.shape).sort());
  });

  it("gives the owner's URL to migrate alone", () => {
    const holders = Object.keys(services).filter((name) => environmentOf(name).includes('DATABASE_OWNER_URL'));

    expect(holders).toEqual(['migrate']);
    expect(JSON.stringify([services['api'], services['worker']])).not.toMatch(/vp_owner|VP_OWNER|:postgres@|POSTGRES_/);
  });

  it.each(['api', 'worker'])('starts %s on a migrated schema and a prepared namespace', (name) => {
    const awaited = ['migrate', 'temporal-namespace'].map((need) => services[name]?.depends_on?.[need]?.condition);

    expect(awaited).toEqual(['service_completed_successfully', 'service_completed_successfully']);
  });

  it('declares every search attribute with its type', () => {
    const script = String(services['temporal-namespace']?.command);
    const declared = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => [name, type]);

    expect(Object.fromEntries(declared)).toEqual(searchAttributeTypes);
  });

  it('opens what has no login to this machine only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);

    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(services['postgres']?.ports).toBeUndefined();
  });

  it('holds no secret of its own', () => {
    const secrets = Object.values(services).flatMap((service) =>
      Object.entries(service.environment ?? {}).filter(([name]) => /PASSWORD|PWD|SECRET|KEY$/.test(name)),
    );

    expect(secrets.length).toBeGreaterThan(5);
    // Required, or empty where it is optional.
    expect(secrets.filter(([, value]) => !/^\$\{\w+:[?-]\}$/.test(value))).toEqual([]);
  });
});
