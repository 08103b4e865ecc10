import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { Fault } from '../../domain/errors.ts';

/** A request that can be read and does not match its schema. Fastify sets `validationContext`. */
export class RequestFault extends Error {
  readonly issues: readonly z.core.$ZodIssue[];
  validationContext?: string;

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('The request does not match its schema.');
    this.issues = issues;
  }

  get faults(): Fault[] {
    return this.issues.flatMap((issue) => faultsOf(issue, this.validationContext ?? 'body'));
  }
}

/** Like the type provider's compiler, but with zod's paths: a joined path cannot become a JSON pointer again. */
export const requestCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: new RequestFault(parsed.error.issues) };
  };

function faultsOf(issue: z.core.$ZodIssue, context: string): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key], context),
      detail: 'is not a known field',
    }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined && / undefined$/.test(issue.message);
  return [{ pointer: pointerTo(issue.path, context), detail: isMissing ? 'is missing' : wordsOf(issue.message) }];
}

/** The messages of zod name types and limits, never the value. */
const wordsOf = (message: string): string => message.replace(/^Invalid input: e/, 'e');

/** A JSON pointer (RFC 6901) into the body; `?name` for the query, `:name` for the path. */
function pointerTo(path: readonly PropertyKey[], context: string): string {
  if (context === 'querystring') return `?${path.map(String).join('.')}`;
  if (context === 'params') return `:${path.map(String).join('.')}`;
  if (context === 'headers') return path.map(String).join('.');
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
