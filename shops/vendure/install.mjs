import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const lockfile = path.join(folder, 'package-lock.json');
/** npm writes this file last, so it is missing after an install that was cut off. */
const installed = path.join(folder, 'node_modules', '.package-lock.json');

/** Holds the id of the process that installs, so that two never write into one folder. */
const lock = path.join(folder, '.installing');

/**
 * Installs what the shop needs, unless it is there and newer than the lockfile.
 * @param tell takes a line of progress
 * @returns whether something was installed; throws when npm fails
 */
export async function installShop(tell = (line) => process.stderr.write(`${line}\n`)) {
  if (isInstalled()) return false;
  await takeLock(tell);
  try {
    // Another process may have been at it while this one waited.
    if (isInstalled()) return false;
    await install(tell);
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}

function isInstalled() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
}

async function takeLock(tell) {
  for (let isTold = false; ; isTold = true) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isTold) tell('Waiting for another process that installs the Vendure shop …');
    if (!isAlive(readOwner())) rmSync(lock, { force: true });
    await delay(500);
  }
}

function readOwner() {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

/** The lock of a process that was killed is nobody's; an empty one is being written just now. */
function isAlive(pid) {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install(tell) {
  tell('Installing the Vendure shop (160 MB, about half a minute) …');
  const startedAt = Date.now();
  const timer = setInterval(() => tell(`… still installing, ${seconds(startedAt)} s`), 15_000);
  try {
    await runNpmCi();
  } finally {
    clearInterval(timer);
  }
  tell(`Installed the Vendure shop in ${seconds(startedAt)} s.`);
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
