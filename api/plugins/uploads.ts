import { pipeline, type Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
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
    fileOfForm(request, payload, done);
  });
  scope.addContentTypeParser('*', (_request, _payload, done) => {
    const types = fileTypes.join(', or as ');
    done(new DomainError('unsupported_media_type', `Send application/json, or a file as ${types}.`));
  });
}

const isTooLong = ({ headers }: FastifyRequest): boolean => Number(headers['content-length'] ?? 0) > fileLimitBytes;

/** The first file of a form. Its fields, and other files, are not read. */
function fileOfForm(
  { headers }: FastifyRequest,
  payload: NodeJS.ReadableStream,
  done: (error: Error | null, file?: UploadedFile) => void,
): void {
  const refuse = (detail: string) => done(new DomainError('malformed_request', detail));
  try {
    const form = new Busboy({
      headers: headers as typeof headers & { 'content-type': string },
      limits: { files: 1 },
    });
    let file: Readable | undefined;
    form.once('file', (...[, source, name, , contentType]) => {
      file = source;
      done(null, new UploadedFile(file, contentType, { name }));
    });
    form.once('finish', () => {
      if (!file) refuse('The form has no file.');
    });
    // Once the file is being read, its reader has to see that the rest does not come.
    pipeline(payload, form, (error) => {
      if (error && file) file.destroy(error);
      else if (error) refuse('The form cannot be read.');
    });
  } catch {
    refuse('The form cannot be read.');
  }
}

/** The reader of a file checks it. JSON is a batch. */
export function jsonOrFile(route: Parameters<typeof listOnly>[0]): ReturnType<typeof listOnly> {
  const check = listOnly(route);
  return (data: unknown) => (data instanceof UploadedFile ? { value: data } : check(data));
}
