import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const lockfile = path.join(folder, 'package-lock.json');
/** npm writes this file last, so it is missing after an install that was cut off. */
const installed = path.join(folder, 'node_modules', '.package-lock.json');

/**
 * Installs what the shop needs, unless it is there and newer than the lockfile.
 * @param tell takes a line of progress
 * @returns whether something was installed; throws when npm fails
 */
export async function installShop(tell = (line) => process.stderr.write(`${line}\n`)) {
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return false;
  tell('Installing the Vendure shop (160 MB, about half a minute) …');
  const startedAt = Date.now();
  const timer = setInterval(() => tell(`… still installing, ${seconds(startedAt)} s`), 15_000);
  try {
    await runNpmCi();
  } finally {
    clearInterval(timer);
  }
  tell(`Installed the Vendure shop in ${seconds(startedAt)} s.`);
  return true;
}

function seconds(startedAt) {
  return Math.round((Date.now() - startedAt) / 1000);
}

async function runNpmCi() {
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // On Windows npm is a script, which only a shell starts.
  const npm = spawn('npm', args, { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  const code = await new Promise((resolve, reject) => npm.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`npm ci in shops/vendure ended with code ${code}; its output above says why.`);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await installShop();
