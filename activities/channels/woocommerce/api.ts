import { z } from 'zod';
import { ChannelError, type ChannelTools, type Fault } from '../channel.ts';
import { classifyNetworkFailure, faultOfStatus } from '../safe-fetch.ts';

/** `missing`: what is gone when the shop does not know an id in the path. */
type Request<Data> = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  answer: z.ZodType<Data>;
  missing?: Extract<Fault, { kind: 'gone' }>['what'];
};
/** `code`: the shop's own word for the refusal, to be compared and never shown. */
type Attempt<Data> = { data: Data } | { fault: Fault; code: string };

export type WooCommerceApi = {
  /** Returns refusals of the shop as well. @throws ChannelError only when there is no answer, or no access */
  attempt<Data>(request: Request<Data>): Promise<Attempt<Data>>;
  /** @throws ChannelError for refusals as well */
  call<Data>(request: Request<Data>): Promise<Data>;
  /** The shop's clock as of its latest answer, in whole seconds; our clock if its answers have no date. */
  shopNow(): Date;
};

type Access = { url: string; consumerKey: string; consumerSecret: string };

/** The code of a route that the shop does not have: a feature is off, or its version is older. */
export const noRoute = 'rest_no_route';

const errorSchema = z.object({ code: z.union([z.string(), z.number()]) });

/** The REST API v3, with classified faults. It never tries again. */
export function createWooCommerceApi(access: Access, tools: ChannelTools): WooCommerceApi {
  let shopTime: Date | undefined;
  const attempt = async <Data>(request: Request<Data>): Promise<Attempt<Data>> => {
    const response = await send(access, request, tools);
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) shopTime = new Date(date);
    return readAnswer(response, request);
  };
  return {
    attempt,
    async call(request) {
      const result = await attempt(request);
      if ('fault' in result) throw new ChannelError(result.fault);
      return result.data;
    },
    shopNow: () => shopTime ?? tools.now(),
  };
}

const isWrite = ({ method = 'GET' }: Request<unknown>): boolean => method !== 'GET';

async function send(access: Access, request: Request<unknown>, tools: ChannelTools): Promise<Response> {
  const { method = 'GET', path, query = {}, body } = request;
  const url = new URL(`${access.url.replace(/\/+$/, '')}/wp-json/wc/v3/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const login = Buffer.from(`${access.consumerKey}:${access.consumerSecret}`).toString('base64');
  const headers = { accept: 'application/json', authorization: `Basic ${login}` };
  try {
    return await tools.fetch(url.href, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: tools.signal,
    });
  } catch (error) {
    throw classifyNetworkFailure(error, { wrote: isWrite(request) });
  }
}

async function readAnswer<Data>(response: Response, request: Request<Data>): Promise<Attempt<Data>> {
  const wrote = isWrite(request);
  const failed = faultOfStatus(response, { wrote });
  const content = await jsonOf(response);
  const code = String(errorSchema.safeParse(content).data?.code ?? '');
  if (failed) return refusalOf(failed, { status: response.status, code }, request);
  const parsed = request.answer.safeParse(content);
  if (!parsed.success) throw new ChannelError({ kind: wrote ? 'unknown_outcome' : 'unavailable' });
  return { data: parsed.data };
}

/** @returns undefined for what is not JSON, such as a page for people */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text()) as unknown;
  } catch (error) {
    // Our own cancellation while the body is read is no fault of the shop.
    if ((error as { name?: unknown }).name === 'AbortError') throw error;
    return undefined;
  }
}

/** Only a 404 that WooCommerce has written means that an id is unknown: a wrong address has a 404 as well. */
function refusalOf(
  failed: ChannelError,
  { status, code }: { status: number; code: string },
  { missing }: Request<unknown>,
): Attempt<never> {
  const { fault } = failed;
  if (fault.kind === 'gone' && missing && code.endsWith('_invalid_id')) return { fault: { kind: 'gone', what: missing }, code }; // prettier-ignore
  if (fault.kind === 'gone' && code === noRoute) return { fault, code };
  if (status === 400 && /^[a-z_]{1,80}$/.test(code))
    return { fault: { kind: 'invalid', field: 'request', code }, code };
  if (fault.kind === 'invalid' && fault.field === 'request') return { fault, code };
  throw failed;
}
