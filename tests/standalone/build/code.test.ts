import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { buildCode, readyCode } from '../../../standalone/build/code.ts';
import { root } from '../../../standalone/root.ts';

/** A clone of the sources that a test may change. */
let clone: string;
/** The stages that a person has seen. */
const stages: string[] = [];
const progress = {
  note: () => undefined,
  stage: <T>(what: string, work: () => Promise<T>) => (stages.push(what), work()),
};
const ready = () => readyCode(clone, progress);
const bundleIn = (folder: string) => readFileSync(join(folder, 'workflow-bundle.js'), 'utf8');
const entriesOf = (name: string) =>
  readdirSync(join(clone, '.vendor-portals/built')).filter((entry) => entry.startsWith(`${name}-`));

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'vp-clone-'));
  const rooms = ['domain', 'workflows', 'activities', 'temporal', 'workers', 'api', 'db', 'standalone'];
  for (const path of [...rooms, 'config.ts', 'log.ts', 'tsconfig.json', 'package.json', 'package-lock.json', 'docs'])
    cpSync(join(root, path), join(clone, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe('the code of api and worker', () => {
  let first: string;

  it('is built by the first start, also when two start at once', async () => {
    const [one, other] = await Promise.all([ready(), ready()]);

    first = one;
    expect(other).toBe(one);
    expect(stages).toContain('the code is built');
    expect(bundleIn(one)).toContain('function dropship(');
    expect([entriesOf('code'), entriesOf('workflows')].map((entries) => entries.length)).toEqual([1, 1]);
  });

  it('is not built again while no source has changed', async () => {
    stages.length = 0;

    expect(await ready()).toBe(first);
    expect(stages).toEqual([]);
  });

  it('is built again after a change, with the same bundle where the workflows have not changed', async () => {
    appendFileSync(join(clone, 'api/main.ts'), "\nlog.info('changed');\n");

    const changed = await ready();

    expect(changed).not.toBe(first);
    expect(readFileSync(join(changed, 'api/main.js'), 'utf8')).toContain('log.info("changed")');
    expect(readFileSync(join(first, 'api/main.js'), 'utf8')).not.toContain('log.info("changed")');
    expect(entriesOf('workflows')).toHaveLength(1);
  });

  it('has a new bundle after a change of the workflows', async () => {
    appendFileSync(join(clone, 'workflows/index.ts'), "\nexport function changedWorkflow() { return 'changed'; }\n");

    expect(bundleIn(await ready())).toContain('function changedWorkflow(');
    expect(entriesOf('workflows')).toHaveLength(2);
  });

  it('is built again where a source changed during the build', async () => {
    let builds = 0;
    const changing = async <T>(_what: string, work: () => Promise<T>): Promise<T> => {
      const done = await work();
      if ((builds += 1) === 1) appendFileSync(join(clone, 'api/main.ts'), "\nlog.info('meanwhile');\n");
      return done;
    };
    appendFileSync(join(clone, 'api/main.ts'), "\nlog.info('before');\n");

    const built = await readyCode(clone, { ...progress, stage: changing });

    expect(builds).toBe(2);
    expect(readFileSync(join(built, 'api/main.js'), 'utf8')).toContain('log.info("meanwhile")');
    expect(await ready()).toBe(built);
    expect(entriesOf('code').filter((entry) => entry.includes('.'))).toEqual([]);
  });

  it('names the line of its source in a stack', async () => {
    const options = { cwd: clone, env: { PATH: process.env['PATH'] }, encoding: 'utf8' as const };

    const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', join(first, 'db/migrate.js')], options);

    const line = readFileSync(join(clone, 'config.ts'), 'utf8').split('\n').findIndex((text) => text.includes('throw new ConfigError(`The environment is not complete:\\n${faults')); // prettier-ignore
    expect(stderr).toContain(`${clone}/config.ts:${line + 1}:`);
  });

  it('is built with its bundle into the folder of an image', async () => {
    const dist = join(clone, 'dist');

    await buildCode(clone, dist);

    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    expect(files.sort()).toEqual([
      'activities/paper/thread.js',
      'api/files/void-process.js',
      'api/main.js',
      'db/migrate.js',
      'standalone/audit-verify.js',
      'standalone/backup-command.js',
      'standalone/keys-command.js',
      'standalone/portal-link.js',
      'workers/main.js',
      'workflow-bundle.js',
    ]);
  });

  it('has the thread that prints, with its templates and fonts', async () => {
    const thread = new Worker(join(await ready(), 'activities/paper/thread.js'));
    thread.postMessage({ json: JSON.stringify({ paper: 'a4', title: 'Empty', sheets: [] }), images: [], at: 0 });

    const [answer] = (await once(thread, 'message')) as [{ pages: number; pdf: Uint8Array }];

    await thread.terminate();
    expect(Buffer.from(answer.pdf).toString('latin1')).toMatch(/^%PDF-/);
  });

  it.each(['activities/paper/thread.mjs', 'activities/paper/templates/slip.typ'])(
    'is built again after a change of %s',
    async (path) => {
      const before = await ready();
      appendFileSync(join(clone, path), '\n');

      const after = await ready();

      expect(after).not.toBe(before);
    },
  );

  it.each(['api/app.ts', 'workflows/tasks/task-run.ts'])(
    'that is broken is refused with the place: %s',
    async (path) => {
      const sound = readFileSync(join(clone, path), 'utf8');
      writeFileSync(join(clone, path), `${sound}\nconst broken = ;\n`);
      const line = sound.split('\n').length + 1;

      const { message } = await ready().then(
        () => new Error('It was built.'),
        (error: Error) => error,
      );

      expect(message).toMatch(new RegExp(`^The code cannot be built\\.[^]+ ${path}:${line}:15:`));

      writeFileSync(join(clone, path), sound);
      await expect(ready()).resolves.toContain('code-');
    },
  );
});

describe('an entry that is run from its sources', () => {
  it('that is broken is refused with the place', () => {
    const path = join(clone, 'standalone/keys.ts');
    const sound = readFileSync(path, 'utf8');
    writeFileSync(path, `const broken = ;\n${sound}`);
    const run = [join(clone, 'standalone/run.mjs'), 'standalone/main.ts'];

    const { status, stderr } = spawnSync(process.execPath, run, { cwd: dirname(clone), encoding: 'utf8' });

    expect(status).toBe(1);
    expect(stderr).toContain('standalone/keys.ts:1:15:');
    writeFileSync(path, sound);
  });
});
