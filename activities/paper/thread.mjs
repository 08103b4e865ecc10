import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

// The entry of the renderer's thread: typst blocks until a job is printed, which must not stop the worker's main loop.
// Plain JavaScript, since a thread that is started from the sources has no loader for TypeScript.

/** @typedef {import('./renderer.ts').RenderRequest} RenderRequest */
/** @typedef {import('./renderer.ts').RenderAnswer} RenderAnswer */

const fontPackages = [
  '@embedpdf/fonts-latin',
  '@embedpdf/fonts-hebrew',
  '@embedpdf/fonts-sc',
  '@embedpdf/fonts-jp',
  '@embedpdf/fonts-kr',
  '@expo-google-fonts/noto-sans-arabic',
];
const regularAndBold = /[-_](400Regular|Regular|700Bold|Bold)\.(ttf|otf)$/;
const templates = join(import.meta.dirname, 'templates');

/**
 * A font is read when the first letter needs it.
 * @param {string} name of a package
 */
function fontFiles(name) {
  const folder = packageFolder(name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => regularAndBold.test(file)).map((file) => join(folder, file));
}

/**
 * Above the package's main file: some of them export nothing else.
 * @param {string} name
 */
function packageFolder(name) {
  const main = createRequire(import.meta.url).resolve(name);
  const end = join('node_modules', name);
  return main.slice(0, main.lastIndexOf(end) + end.length);
}

const compiler = NodeCompiler.create({
  workspace: templates,
  fontArgs: [{ fontPaths: fontPackages.flatMap(fontFiles) }],
});

/**
 * @param {RenderRequest} request
 * @returns {RenderAnswer}
 */
function print({ json, images, at }) {
  for (const [name, bytes] of images) {
    compiler.mapShadow(join(templates, name), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  const compiled = compiler.compile({ mainFilePath: join(templates, 'job.typ'), inputs: { job: json } });
  const document = compiled.result;
  if (!document) return { refused: JSON.stringify(compiled.takeError()?.shortDiagnostics ?? []) };
  // A copy, since memory of typst cannot change to another thread.
  return { pdf: Uint8Array.from(compiler.pdf(document, { creationTimestamp: at })), pages: document.numOfPages };
}

/**
 * @param {RenderRequest} request
 * @returns {RenderAnswer}
 */
function answerTo(request) {
  try {
    return print(request);
  } catch (error) {
    return { refused: String(error) };
  } finally {
    compiler.resetShadow();
    compiler.evictCache(0);
  }
}

parentPort?.on('message', (/** @type {RenderRequest} */ request) => {
  const answer = answerTo(request);
  parentPort?.postMessage(answer, 'pdf' in answer ? [/** @type {ArrayBuffer} */ (answer.pdf.buffer)] : []);
});
