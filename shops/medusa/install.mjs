import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
/** Has the pid of the process that installs, so that two never write into the folder. */
const lock = join(folder, '.installing');
const report = (line) => process.stderr.write(`${line}\n`);

/** When a file was written last; 0 for a file that is not there. */
const writtenAt = (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** npm writes its own lockfile last, so an install that was cut off is not complete. */
const isInstalled = () => writtenAt('node_modules/.package-lock.json') > writtenAt('package-lock.json');

/** Whether the process of the lock is running. An empty lock is being written at this moment. */
function isHeld() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function takeLock() {
  for (;;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isHeld()) await delay(500);
    else rmSync(lock, { force: true });
  }
}

async function install() {
  report('Installing the Medusa shop (340 MB, about a minute) …');
  const isWindows = process.platform === 'win32';
  const npm = spawn('npm', ['ci', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 2, 2], shell: isWindows });
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error(`npm ci in shops/medusa ended with code ${code}; its output above says why.`);
}

if (!isInstalled()) {
  await takeLock();
  try {
    // Another process may have installed while this one waited.
    if (!isInstalled()) await install();
  } finally {
    rmSync(lock, { force: true });
  }
}
