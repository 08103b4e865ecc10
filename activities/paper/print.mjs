import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

// Plain JavaScript, since a thread that is started from the sources has no loader for TypeScript.

/** @typedef {import('./renderer.ts').RenderRequest} RenderRequest */
/** @typedef {import('./renderer.ts').RenderAnswer} RenderAnswer */

const fontPackages = [
  '@embedpdf/fonts-arabic',
  '@embedpdf/fonts-latin',
  '@embedpdf/fonts-hebrew',
  '@embedpdf/fonts-sc',
  '@embedpdf/fonts-jp',
  '@embedpdf/fonts-kr',
];
const regularAndBold = /-(Regular|Bold)\.(ttf|otf)$/;
const templates = join(import.meta.dirname, 'templates');

/**
 * A font is read when the first letter needs it.
 * @param {string} name of a package
 */
function fontFiles(name) {
  // The package exports nothing but its main file, `dist/index`.
  const folder = join(dirname(createRequire(import.meta.url).resolve(name)), '../fonts');
  const files = readdirSync(folder).filter((file) => regularAndBold.test(file));
  return files.map((file) => join(folder, file));
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
  // Without tags, which are for screen readers and make the file of a print job five times as large.
  const pdf = compiler.pdf(document, { creationTimestamp: at, pdfTags: false });
  // A copy, since memory of typst cannot change to another thread.
  return { pdf: Uint8Array.from(pdf), pages: document.numOfPages };
}

/**
 * Blocks until the job is printed.
 * @param {RenderRequest} request
 * @returns {RenderAnswer}
 */
export function printNow(request) {
  try {
    return print(request);
  } catch (error) {
    return { refused: String(error) };
  } finally {
    compiler.resetShadow();
    compiler.evictCache(0);
  }
}
