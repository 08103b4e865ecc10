import { numberOf } from './model.ts';

export type ListArgs = { first?: number | null; after?: string | null; query?: string | null; sortKey?: string };
type Node = { id: string };
type Place = readonly [sort: number, id: bigint];

/**
 * A page of a list as Shopify's connections are: after a place, not after an offset.
 * @param sortOf a time in milliseconds; those of the same time are in the order of their ids
 */
export function connectionOf<N extends Node>(
  nodes: readonly N[],
  args: ListArgs,
  sortOf: (node: N) => number = () => 0,
) {
  const { first, after } = args;
  const size = first ?? 50;
  if (size > 250) throw new Error('The list takes at most 250.');
  const placeOf = (node: N): Place => [sortOf(node), BigInt(numberOf(node.id))];
  const sorted = [...nodes].sort((one, other) => compare(placeOf(one), placeOf(other)));
  const rest = after ? sorted.filter((node) => compare(placeOf(node), decode(after)) > 0) : sorted;
  const page = rest.slice(0, size);
  const edges = page.map((node) => ({ node, cursor: encode(placeOf(node)) }));
  return {
    nodes: page,
    edges,
    pageInfo: {
      hasNextPage: rest.length > page.length,
      hasPreviousPage: rest.length < sorted.length,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function compare([oneSort, oneId]: Place, [otherSort, otherId]: Place): number {
  if (oneSort !== otherSort) return oneSort - otherSort;
  return oneId < otherId ? -1 : oneId > otherId ? 1 : 0;
}

const encode = ([sort, id]: Place): string => Buffer.from(`${sort}:${id}`).toString('base64');

function decode(cursor: string): Place {
  const [sort = '', id = ''] = Buffer.from(cursor, 'base64').toString().split(':');
  return [Number(sort), BigInt(id)];
}

const terms = /(\w+):\s*(>=|<=|>|<)?\s*('[^']*'|"[^"]*"|\S+)/g;

/** Shopify's search syntax, as far as times go: they are compared in whole seconds. A term that we do not know holds. */
export function isFound(query: string | null | undefined, times: Readonly<Record<string, number>>): boolean {
  return [...(query ?? '').matchAll(terms)].every(([, field = '', operator, value = '']) => {
    const time = times[field];
    if (time === undefined) return true;
    const [is, asked] = [Math.floor(time / 1000) * 1000, Date.parse(value.replace(/['"]/g, ''))];
    if (operator === '>=') return is >= asked;
    if (operator === '>') return is > asked;
    if (operator === '<=') return is <= asked;
    return operator === '<' ? is < asked : is === asked;
  });
}
