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
  // npm gives its own path to its scripts; `npm` alone may be another one, or none, on PATH.
  const npm = process.env.npm_execpath;
  const [command, ...rest] = npm?.endsWith('.js') ? [process.execPath, npm, 'ci'] : ['npm', 'ci'];
  const { status, error } = spawnSync(command, rest, { cwd: folder, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`npm ci failed${error ? `: ${error.message}` : ''}. Mend what it says above and run this again.`);
  process.exit(1);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (isNodeTooOld(process.versions.node)) {
    console.error(`Vendor Portals needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const folder = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
  if (needsInstall(folder)) install(folder);
}
