import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Plain Node and nothing else: this runs before there is anything to import.

const oldest = [20, 19];

/** @param {string} version as in process.versions.node */
export function isNodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

/**
 * Whether what is installed is missing, cut short, or older than the lockfile: npm writes its own copy of the lockfile last.
 * @param {string} folder
 */
export function needsInstall(folder) {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/** @param {string} folder */
function install(folder) {
  console.log('Installing the packages of package-lock.json (npm ci), once.');
  if (npm(['ci'], folder)) return;
  // A registry that lacks a package for some other platform makes `npm ci` refuse the whole lockfile; this one obeys it too.
  console.log('npm ci refused. Trying npm install, with the same lockfile.');
  if (npm(['install', '--no-save'], folder)) return;
  console.error('npm ci failed, and so did npm install. Mend what it says above and run this again.');
  process.exit(1);
}

/**
 * @param {string[]} words
 * @param {string} folder
 */
function npm(words, folder) {
  // npm gives its own path to its scripts; `npm` alone may be another one, or none, on PATH.
  const path = process.env.npm_execpath;
  const [command, ...rest] = path?.endsWith('.js') ? [process.execPath, path, ...words] : ['npm', ...words];
  const { status, error } = spawnSync(command, rest, { cwd: folder, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status === 0;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (isNodeTooOld(process.versions.node)) {
    console.error(`Vendor Portals needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const folder = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
  if (needsInstall(folder)) install(folder);
}
