import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(import.meta.dirname, '../../standalone/install.mjs');

/** A package whose only dependency lies beside it, so that npm needs no network. */
function aPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vp-install-'));
  mkdirSync(join(folder, 'near'));
  const near = { name: 'near', version: '1.0.0' };
  const root = { name: 'far', version: '1.0.0', dependencies: { near: 'file:near' } };
  const packages = { '': root, near: { version: '1.0.0' }, 'node_modules/near': { resolved: 'near', link: true } };
  writeFileSync(join(folder, 'near/package.json'), JSON.stringify(near));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ name: 'far', version: '1.0.0', lockfileVersion: 3, packages }),
  );
  // As if cloned a minute ago: what npm writes now is younger.
  utimesSync(join(folder, 'package-lock.json'), Date.now() / 1000 - 60, Date.now() / 1000 - 60);
  return folder;
}

function install(folder: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { status, installed: stdout.includes('npm ci'), stderr };
}

describe('the install script', () => {
  it('installs what is missing, once, and again when the lockfile is newer', () => {
    const folder = aPackage();

    expect(install(folder)).toMatchObject({ status: 0, installed: true });
    expect(existsSync(join(folder, 'node_modules/near/package.json'))).toBe(true);
    expect(install(folder)).toMatchObject({ status: 0, installed: false });

    utimesSync(join(folder, 'package-lock.json'), Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    expect(install(folder).installed).toBe(true);
  });

  it('installs again when an install was cut short, which leaves no list of what is there', () => {
    const folder = aPackage();
    install(folder);
    rmSync(join(folder, 'node_modules/.package-lock.json'));

    expect(install(folder)).toMatchObject({ status: 0, installed: true });
  });

  it('fails when npm does', () => {
    const folder = aPackage();
    rmSync(join(folder, 'package.json'));

    const { status, stderr } = install(folder);

    expect(status).toBe(1);
    expect(stderr).toContain('npm ci failed');
  });

  it.each([
    ['18.20.8', true],
    ['20.18.3', true],
    ['20.19.0', false],
    ['22.0.0', false],
    ['9.9.9', true],
  ])('takes Node %s for too old: %s', (version, expected) => {
    const ask = `import { isNodeTooOld } from ${JSON.stringify(script)}; console.log(isNodeTooOld('${version}'))`;

    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', ask], { encoding: 'utf8' });

    expect(stdout.trim()).toBe(String(expected));
  });
});
