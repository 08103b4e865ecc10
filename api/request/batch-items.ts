import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import { parseFields, requestCompiler, type RequestFault } from '../plugins/validation.ts';

/** The body of a batch. */
type BatchBody = z.ZodObject<{ items: z.ZodArray }>;

/**
 * For a route with a batch: it checks that the body is a list of the right length. `readItems` reads the items one by one,
 * so that a bad one fails alone.
 */
export function listOnly(route: {
  schema: unknown;
  httpPart?: string | undefined;
}): ReturnType<typeof requestCompiler> {
  const known = route as Parameters<typeof requestCompiler>[0];
  if (route.httpPart !== 'body') return requestCompiler(known);
  const { items } = (route.schema as BatchBody).shape;
  const list = z.strictObject({ items: items.clone({ ...items.def, element: z.unknown() }) });
  return requestCompiler({ ...known, schema: list });
}

/** A thousand bad items take long to read: other requests are answered in between. */
const itemsInTurn = 50;

/** Each item as its schema reads it, or its refusal. */
export async function readItems<T extends z.ZodType>(
  item: T,
  given: readonly unknown[],
): Promise<(z.output<T> | DomainError)[]> {
  const read: (z.output<T> | DomainError)[] = [];
  for (const one of given) {
    if (read.length % itemsInTurn === itemsInTurn - 1) await setImmediate();
    const parsed = parseFields(item, one);
    read.push('data' in parsed ? parsed.data : refusalOf(parsed.fault));
  }
  return read;
}

/** A thousand items may be refused in one answer. */
const faultsOfItem = 5;

function refusalOf({ faults }: RequestFault): DomainError {
  const [first] = faults;
  const detail = `${first?.pointer.slice(1) || 'The item'} ${first?.detail ?? 'is not acceptable'}.`;
  return new DomainError('invalid_request', detail, faults.slice(0, faultsOfItem));
}

type Refused = { refusal: DomainError };

/** Does the work for the acceptable items. @returns the outcome of each item, in their order */
export async function eachAcceptable<T extends object, O>(
  items: readonly (T | DomainError)[],
  work: (acceptable: T[]) => Promise<O[]>,
): Promise<(O | Refused)[]> {
  const outcomes = (await work(items.filter((item): item is T => !(item instanceof DomainError)))).values();
  return items.map((item) => (item instanceof DomainError ? { refusal: item } : outcomes.next().value!));
}
