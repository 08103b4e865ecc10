import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { Fault } from '../../domain/errors.ts';
import { fieldText } from './field-texts.ts';

/** An answer with each fault of a bad request could be larger than the request. */
const faultsNamed = 20;

/** A request that can be read and does not match its schema. Fastify sets `validationContext`. */
export class RequestFault extends Error {
  readonly issues: readonly z.core.$ZodIssue[];
  /** The value with these issues, before blank fields were taken out of it. */
  readonly given: unknown;
  validationContext?: string;

  constructor(issues: readonly z.core.$ZodIssue[], given?: unknown) {
    super('The request does not match its schema.');
    this.issues = issues;
    this.given = given;
  }

  /** The first of them, as texts. */
  get faults(): Fault[] {
    const faults: Fault[] = [];
    for (const issue of this.issues) {
      if (faults.length < faultsNamed) faults.push(...faultsOf(issue, this));
    }
    return faults.slice(0, faultsNamed);
  }

  /** All of them. */
  get count(): number {
    return this.issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  }
}

type Parsed<T extends z.ZodType> = { data: z.output<T> } | { fault: RequestFault };

/**
 * Reads a value by its schema. A field that is null or empty, where the schema takes neither, counts as absent: many
 * programs send each field of their form.
 */
export function parseFields<T extends z.ZodType>(schema: T, given: unknown): Parsed<T> {
  const first = parse(schema, given);
  if ('data' in first) return first;
  const blanks = first.fault.issues.filter(({ path }) => isBlank(valueAt(given, path)) && path.length > 0);
  if (blanks.length === 0) return first;
  const filled: unknown = structuredClone(given);
  for (const { path } of blanks) removeAt(filled, path);
  return parse(schema, filled, given);
}

function parse<T extends z.ZodType>(schema: T, value: unknown, given = value): Parsed<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? { data: parsed.data } : { fault: new RequestFault(parsed.error.issues, given) };
}

const isBlank = (value: unknown): boolean => value === null || value === '';

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[part], value);

/** Only a field of an object: an entry of a list has its place. */
function removeAt(value: unknown, path: readonly PropertyKey[]): void {
  const holder = valueAt(value, path.slice(0, -1));
  if (typeof holder === 'object' && holder !== null && !Array.isArray(holder))
    Reflect.deleteProperty(holder, path.at(-1)!);
}

/**
 * Like the type provider's compiler, but with zod's paths: a joined path cannot become a JSON pointer again. An empty
 * parameter of a query is a fault: an empty cursor would begin the list anew.
 */
export const requestCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    const parsed = httpPart === 'body' ? parseFields(schema, data) : parse(schema, data);
    return 'data' in parsed ? { value: parsed.data } : { error: parsed.fault };
  };

function faultsOf(issue: z.core.$ZodIssue, { given, validationContext = 'body' }: RequestFault): Fault[] {
  const pointerOf = (path: readonly PropertyKey[]) => pointerTo(path, validationContext);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, faultsNamed)
      .map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: 'is not a known field' }));
  }
  const isMissing = issue.input === undefined && issue.code !== 'custom';
  const missing = valueAt(given, issue.path) === '' ? 'must not be empty' : 'is missing';
  return [{ pointer: pointerOf(issue.path), detail: isMissing ? missing : fieldText(issue) }];
}

/** A JSON pointer (RFC 6901) into the body; `?name` for the query, `:name` for the path. */
function pointerTo(path: readonly PropertyKey[], context: string): string {
  if (context === 'querystring') return `?${path.map(String).join('.')}`;
  if (context === 'params') return `:${path.map(String).join('.')}`;
  if (context === 'headers') return path.map(String).join('.');
  return path.map((part) => `/${shortened(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** No field of ours has such a long name. */
const shortened = (name: string): string => (name.length > 100 ? `${name.slice(0, 100)}…` : name);
