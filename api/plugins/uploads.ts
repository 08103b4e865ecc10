import { PassThrough, pipeline, type Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import { listOnly } from '../request/batch-items.ts';

/** The largest file. Without a Content-Length its bytes are counted while it is read. */
export const fileLimitBytes = 20 * 1024 * 1024;

export const fileTooLarge = (limitBytes = fileLimitBytes) =>
  new DomainError('payload_too_large', `A file of this kind has at most ${limitBytes / 1024 / 1024} MiB.`);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route that accepts a file as well as JSON: the description of the file in the API document. */
    csv?: string;
  }
}

/** A file of a request. `charset`: as its Content-Type names it. */
export class UploadedFile {
  readonly source: Readable;
  readonly isWorkbook: boolean;
  readonly charset: string | undefined;

  constructor(source: Readable, contentType: string, { name = '' } = {}) {
    this.source = source;
    this.isWorkbook = contentType.startsWith(workbookType) || /\.xlsx$/i.test(name);
    this.charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  }
}

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** The media types of files, in the order of the API document. */
export const fileTypes = ['text/csv', workbookType, 'multipart/form-data'];

/**
 * In this plugin a file arrives as an `UploadedFile`; other routes still refuse it. The routes of the plugin declare
 * `config.csv` and `validatorCompiler: jsonOrFile`.
 */
export function takeFiles(scope: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  scope.addContentTypeParser(['text/csv', workbookType], (request, payload, done) => {
    if (isTooLong(request)) return done(fileTooLarge());
    done(null, new UploadedFile(payload, request.headers['content-type'] ?? ''));
  });
  scope.addContentTypeParser('multipart/form-data', (request, payload, done) => {
    if (isTooLong(request)) return done(fileTooLarge());
    fileOfForm(request, payload, once(done));
  });
  scope.addContentTypeParser('*', (_request, _payload, done) => {
    const types = fileTypes.join(', or as ');
    done(new DomainError('unsupported_media_type', `Send application/json, or a file as ${types}.`));
  });
}

const isTooLong = ({ headers }: FastifyRequest): boolean => Number(headers['content-length'] ?? 0) > fileLimitBytes;

type Done = (error: Error | null, file?: UploadedFile) => void;

/** A form that is cut off fails, and ends all the same. */
function once(done: Done): Done {
  let isDone = false;
  return (...given) => {
    if (!isDone) done(...given);
    isDone = true;
  };
}

type Headers = Record<string, string[] | undefined>;

/** RFC 2046, 5.1.1. */
const longestBoundary = 70;

/**
 * The file of a form, as it arrives; it ends with the form. Fields are not read. A second file is refused where it begins:
 * the reader of the first has the rows before it.
 */
function fileOfForm({ headers }: FastifyRequest, payload: Readable, done: Done): void {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(headers['content-type'] ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || boundary.length > longestBoundary) return done(malformed('The form cannot be read.'));
  const form = new Dicer({ boundary });
  const file = new PassThrough();
  // It may fail before it is read. Its reader learns of that later.
  file.on('error', () => undefined);
  let first: Dicer.PartStream | undefined;
  form.on('part', (part) => {
    // The form itself fails too.
    part.on('error', () => undefined);
    part.on('header', (given) => {
      const header = given as Headers;
      const name = fileNameOf(header);
      if (name === undefined) return part.resume();
      if (first) return refuseSecond([first, part], file);
      first = part;
      part.pipe(file, { end: false });
      done(null, new UploadedFile(file, header['content-type']?.[0] ?? '', { name }));
    });
  });
  form.once('finish', () => {
    if (!first) return done(malformed('The form has no file.'));
    // The form ends before its last part has been read.
    if (first.readableEnded) file.end();
    else first.once('end', () => file.end());
  });
  // Once the file is being read, its reader has to see that the rest does not come.
  const fail = (error: DomainError) => (first ? file.destroy(error) : done(error));
  refuseAbove(fileLimitBytes, payload, () => {
    payload.unpipe(form);
    fail(fileTooLarge());
  });
  pipeline(payload, form, (error) => {
    if (error) fail(malformed(first ? 'The file was cut off.' : 'The form cannot be read.'));
  });
}

/** Counts fields and what is before and between the parts too: the reader of the file sees only the file. */
function refuseAbove(limit: number, payload: Readable, refuse: () => void): void {
  let size = 0;
  const count = (bytes: Buffer) => {
    size += bytes.length;
    if (size <= limit) return;
    payload.off('data', count);
    refuse();
  };
  payload.on('data', count);
}

/** Undefined for a field, and for the empty place of a file that a browser sends where none was chosen. */
function fileNameOf(header: Headers): string | undefined {
  const parameters = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;
  for (const [, name, quoted, plain] of (header['content-disposition']?.[0] ?? '').matchAll(parameters))
    if (/^filename\*?$/i.test(name!)) return (quoted ?? plain) || undefined;
  return undefined;
}

/** The rest is read, since most clients read the answer only after they have sent everything. */
function refuseSecond(parts: readonly Dicer.PartStream[], file: PassThrough): void {
  file.destroy(malformed('The form has a second file: send one file in each request.'));
  for (const part of parts) part.unpipe().resume();
}

const malformed = (detail: string) => new DomainError('malformed_request', detail);

/** The reader of a file checks it. JSON is a batch. */
export function jsonOrFile(route: Parameters<typeof listOnly>[0]): ReturnType<typeof listOnly> {
  const check = listOnly(route);
  return (data: unknown) => (data instanceof UploadedFile ? { value: data } : check(data));
}
