import { z } from 'zod';
import { ChannelError, type ChannelTools } from '../channel.ts';
import { classifyNetworkFailure, faultOfStatus } from '../safe-fetch.ts';
import { refused } from './parse.ts';
import type { Tokens } from './tokens.ts';

const apiVersion = '2026-10';

type Request<Data> = { document: string; variables?: Record<string, unknown>; answer: z.ZodType<Data> };
/** @throws ChannelError */
export type Call = <Data>(request: Request<Data>) => Promise<Data>;

type Target = { shop: string; tokens: Tokens };

const envelopeSchema = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string().catch('') }).catch({ code: '' }) })).optional(),
  extensions: z
    .object({
      cost: z.object({
        requestedQueryCost: z.number(),
        throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
      }),
    })
    .optional()
    .catch(undefined),
});
type Envelope = z.infer<typeof envelopeSchema>;

/** The shop's Admin API, with classified faults. It repeats only a call that had an ended token. */
export function createCall({ shop, tokens }: Target, tools: ChannelTools): Call {
  const post = async (body: string, token: string, wrote: boolean): Promise<Response> => {
    try {
      return await tools.fetch(`https://${shop}/admin/api/${apiVersion}/graphql.json`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': token },
        body,
        signal: tools.signal,
      });
    } catch (error) {
      throw classifyNetworkFailure(error, { wrote });
    }
  };
  return async ({ document, variables = {}, answer }) => {
    const wrote = document.startsWith('mutation');
    const body = JSON.stringify({ query: document, variables });
    const token = await tokens.current();
    let response = await post(body, token, wrote);
    // The shop checks the token before all else, so the call had no effect and may be repeated.
    const next = response.status === 401 ? await tokens.after(token) : null;
    if (next !== null) response = await post(body, next, wrote);
    const { data, ...rest } = await envelopeOf(response, wrote);
    const fault = faultOf({ data, ...rest });
    if (fault) throw fault;
    const read = answer.safeParse(data);
    if (rest.errors || !read.success) throw inDoubt(wrote);
    return read.data;
  };
}

const inDoubt = (wrote: boolean) => new ChannelError({ kind: wrote ? 'unknown_outcome' : 'unavailable' });

async function envelopeOf(response: Response, wrote: boolean): Promise<Envelope> {
  // The shop's guard against too many calls at once.
  if (response.status === 430) throw new ChannelError({ kind: 'unavailable' });
  const fault = faultOfStatus(response, { wrote });
  if (fault) throw fault;
  let content: unknown;
  try {
    content = JSON.parse(await response.text());
  } catch (error) {
    // Our own cancellation while the body is read is no fault of the shop.
    if ((error as { name?: unknown }).name === 'AbortError') throw error;
    throw inDoubt(wrote);
  }
  const parsed = envelopeSchema.safeParse(content);
  if (!parsed.success) throw inDoubt(wrote);
  return parsed.data;
}

/** Errors that say that the document was not executed. They are HTTP 200. */
function faultOf({ errors = [], extensions }: Envelope): ChannelError | undefined {
  const codes = errors.map((error) => error.extensions.code);
  if (codes.includes('THROTTLED')) return new ChannelError({ kind: 'rate_limited', retryAfter: waitOf(extensions) });
  if (codes.includes('ACCESS_DENIED')) return new ChannelError({ kind: 'auth_failed' });
  if (codes.includes('SHOP_INACTIVE')) return new ChannelError({ kind: 'unavailable' });
  if (codes.includes('MAX_COST_EXCEEDED')) return refused('document', 'max_cost');
  const isOfDocument = codes.some((code) => documentFaults.test(code));
  return isOfDocument ? refused('document', 'not_in_schema') : undefined;
}

/** As graphql-ruby names what is wrong with a document or its variables: `undefinedField`, `argumentLiteralsIncompatible`. */
const documentFaults = /^(undefined|argument|missing|selection|variable|directive|fragment|parse|INVALID_VARIABLE)/;

/** Whole seconds until the points are there. */
function waitOf(extensions: Envelope['extensions']): number {
  if (!extensions) return 1;
  const { requestedQueryCost, throttleStatus } = extensions.cost;
  const missing = requestedQueryCost - throttleStatus.currentlyAvailable;
  return Math.max(1, Math.ceil(missing / throttleStatus.restoreRate));
}

/** A shop says what a query costs only when it refuses it: a page that costs too much is asked for by halves. */
export async function halving<Result>(size: number, ask: (size: number) => Promise<Result>): Promise<Result> {
  for (let asked = size; ; asked = Math.ceil(asked / 2)) {
    try {
      return await ask(asked);
    } catch (error) {
      if (asked === 1 || !isTooCostly(error)) throw error;
    }
  }
}

const isTooCostly = (error: unknown): boolean =>
  error instanceof ChannelError && error.fault.kind === 'invalid' && error.fault.code === 'max_cost';

/** A page of a list inside an answer. */
export const pageOf = <Node extends z.ZodType>(node: Node) =>
  z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: z.array(node),
  });
export type PageOf<Node> = { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: Node[] };

/** All nodes of a list whose first page is there. */
export async function restOf<Node>(
  first: PageOf<Node>,
  read: (after: string | null) => Promise<PageOf<Node>>,
): Promise<Node[]> {
  const nodes = [...first.nodes];
  for (let { hasNextPage, endCursor } = first.pageInfo; hasNextPage;) {
    const page = await read(endCursor);
    nodes.push(...page.nodes);
    ({ hasNextPage, endCursor } = page.pageInfo);
  }
  return nodes;
}
