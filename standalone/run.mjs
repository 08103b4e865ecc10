import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync, formatMessagesSync, stop } from 'esbuild';

// `node standalone/run.mjs <entry>.ts [arguments]` runs an entry of the sources as one file that esbuild makes in a tenth of
// a second. A loader such as tsx would take half a second of each start, and memory for as long as the process runs.

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} entry below the repository */
function codeOf(entry) {
  try {
    const { outputFiles } = buildSync({
      entryPoints: [entry],
      absWorkingDir: root,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      outdir: '.',
      sourcemap: 'inline',
      sourcesContent: false,
      sourceRoot: pathToFileURL(`${root}/`).href,
      write: false,
      logLevel: 'silent',
    });
    return outputFiles[0].contents;
  } catch (error) {
    if (error.errors === undefined) throw error;
    console.error(formatMessagesSync(error.errors, { kind: 'error', color: false }).join(''));
    process.exit(1);
  }
}

/**
 * Renamed into place, since another start may load the file at this moment.
 * @param {string} path
 * @param {Uint8Array} code
 */
function write(path, code) {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    console.error(`The built code cannot be stored: ${error.message}`);
    process.exit(1);
  }
}

const [entry] = process.argv.splice(2, 1);
const path = join(root, '.vendor-portals/built', `${basename(entry, '.ts')}.mjs`);
write(path, codeOf(entry));
// Ends esbuild's own process and thread, which would stay as long as this process.
await stop();
process.setSourceMapsEnabled(true);
await import(pathToFileURL(path).href);
