import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, fetch as undiciFetch } from 'undici';
import { ChannelError, type Fault, type Fetch } from './channel.ts';

export type SafeFetchOptions = {
  /** `host:port` pairs that may be private and speak plain http; demos and tests fill it. */
  allowedPrivateHosts: readonly string[];
  /** For the whole call: name look-up, connection, answer and its body. */
  timeoutMs?: number;
  /** Of the answer's body, after decompression. */
  maxBodyBytes?: number;
  /** Every address of a name; tests answer for the resolver. */
  resolve?: Resolve;
};
export type Resolve = (hostname: string, found: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const systemResolve: Resolve = (hostname, found) => lookup(hostname, { all: true }, found);

/**
 * The only way out to a URL that a merchant gave us.
 *
 * It speaks https on port 443 to public addresses alone. The address that was checked is the one connected to, on every
 * call, so a name that changes its mind after the check gains nothing. Redirects are handed back unfollowed
 * (`faultOfStatus` refuses them), and the answer comes with its body read, within both limits.
 * @returns a `Fetch`; it throws ChannelError `invalid` (`url`, `private_address`) for a refused URL, the reason of the
 *   caller's signal when that ended the call, else whatever failed, for `classifyNetworkFailure`
 * @see the SSRF rules of reliability: literals never pass a resolver, so they are checked apart
 */
export function createSafeFetch(options: SafeFetchOptions): Fetch {
  const { timeoutMs = 15_000, maxBodyBytes = 5 * 1024 * 1024, resolve = systemResolve } = options;
  const allowed = new Set(options.allowedPrivateHosts.map((host) => host.toLowerCase()));
  const publicOnly = new Agent({ connect: { lookup: publicAddresses(resolve) } });
  const anywhere = new Agent();

  return async (address, init = {}) => {
    const url = parsed(address);
    const isAllowed = allowed.has(hostAndPort(url));
    if (!isAllowed) assertPublic(url);
    const limit = timeLimit(timeoutMs, init.signal ?? undefined);
    try {
      const response = await undiciFetch(url, {
        method: init.method ?? 'GET',
        headers: [...new Headers(init.headers)],
        body: (init.body as string | Uint8Array<ArrayBuffer> | null | undefined) ?? null,
        redirect: 'manual',
        signal: limit.signal,
        dispatcher: isAllowed ? anywhere : publicOnly,
      });
      return answerOf(response, await bodyOf(response, maxBodyBytes));
    } catch (error) {
      throw limit.signal.aborted ? limit.signal.reason : (causes(error).find(isChannelError) ?? error);
    } finally {
      limit.clear();
    }
  };
}

const refused = () => new ChannelError({ kind: 'invalid', field: 'url', code: 'private_address' });

function parsed(address: string): URL {
  if (!URL.canParse(address)) throw refused();
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') throw refused();
  return url;
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  return protocol === 'https:' || protocol === 'http:'
    ? `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
    : '';
}

function assertPublic(url: URL): void {
  if (url.protocol !== 'https:' || url.port !== '') throw refused();
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublic(literal)) throw refused();
}

// Today's global unicast IPv6; whatever lies outside (::a.b.c.d, site-local, translation prefixes) leads to no shop.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  return ip.range() === 'unicast' && (ip.kind() === 'ipv4' || ip.match(globalUnicast));
}

/** One private address among several is refused too: a name of a public shop has none. */
function publicAddresses(resolve: Resolve): LookupFunction {
  return (hostname, { all }, found) =>
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error ?? !first) return found(error ?? new Error('The name has no address.'), []);
      if (!addresses.every(({ address }) => isPublic(address))) return found(refused(), []);
      return all ? found(null, addresses) : found(null, first.address, first.family);
    });
}

/** Our limit and the caller's signal in one; a timer of our own, so that nothing keeps listening once the call is over. */
function timeLimit(timeoutMs: number, caller: AbortSignal | undefined) {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new DOMException('The shop took longer than we wait.', 'TimeoutError')),
    timeoutMs,
  );
  const stop = () => limit.abort(caller?.reason);
  if (caller?.aborted) stop();
  caller?.addEventListener('abort', stop);
  const clear = () => {
    clearTimeout(timer);
    caller?.removeEventListener('abort', stop);
  };
  return { signal: limit.signal, clear };
}

type UndiciResponse = Awaited<ReturnType<typeof undiciFetch>>;

async function bodyOf({ body }: UndiciResponse, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!body) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Throwing ends the loop, which cancels the rest of the body.
    if (bytes > limit) throw new Error('The answer is larger than we read.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerOf({ status, headers }: UndiciResponse, body: Uint8Array<ArrayBuffer> | null): Response {
  const answer = new Response(body, { status, headers: [...headers] });
  // They spoke of the bytes on the wire; these are decoded.
  answer.headers.delete('content-encoding');
  answer.headers.delete('content-length');
  return answer;
}

/** An error and what caused it. No `instanceof`: errors of the platform may come from another realm. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link && chain.length < 10; link = (link as { cause?: unknown }).cause) chain.push(link);
  return chain;
}

const isChannelError = (error: unknown): error is ChannelError => error instanceof ChannelError;

/** Failures of a call that never left: there was no connection to send on. */
const neverSent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What a call that got no answer means. The error's own text never leaves: it may quote the shop.
 * @param wrote whether the call was a write, so that its effect is in doubt
 * @returns `unavailable` when nothing can have happened, else `unknown_outcome`; a ChannelError is itself
 * @throws the error itself when our own cancellation ended the call: that is no fault of the shop
 */
export function classifyNetworkFailure(error: unknown, { wrote }: { wrote: boolean }): ChannelError {
  const chain = causes(error) as { name?: unknown; code?: unknown }[];
  const known = chain.find(isChannelError);
  if (known) return known;
  if (chain.some(({ name }) => name === 'AbortError' || name === 'CancelledFailure')) throw error;
  const left = wrote && !chain.some(({ code }) => neverSent.has(String(code)));
  return new ChannelError({ kind: left ? 'unknown_outcome' : 'unavailable' });
}

type Missing = Extract<Fault, { kind: 'gone' }>['what'];

/**
 * What an answer's status means, and an HTML page where JSON was asked for: a proxy or a login page spoke, not the shop.
 * @param call `wrote`: as above; `missing`: what a 404 or 410 says is gone, the channel when not given
 * @returns undefined for a 2xx that is not HTML
 */
export function faultOfStatus(
  response: Response,
  { wrote, missing = 'channel' }: { wrote: boolean; missing?: Missing },
): ChannelError | undefined {
  const { status, headers } = response;
  if (status === 401 || status === 403) return new ChannelError({ kind: 'auth_failed' });
  if (status === 429) return new ChannelError({ kind: 'rate_limited', retryAfter: retryAfter(headers) });
  if (status === 404 || status === 410) return new ChannelError({ kind: 'gone', what: missing });
  if (status >= 300 && status < 400) return new ChannelError({ kind: 'invalid', field: 'url', code: 'redirected' });
  const isHtml = /^\s*(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '');
  if (status >= 500 || status === 408 || isHtml)
    return new ChannelError({ kind: wrote ? 'unknown_outcome' : 'unavailable' });
  if (status >= 400) return new ChannelError({ kind: 'invalid', field: 'request', code: `status_${status}` });
  return undefined;
}

/**
 * Whole seconds, at least one, so that nobody spins; 30 when the shop does not say.
 * @see RFC 9110 §10.2.3: seconds, or a date, which is read against the shop's own clock where it tells it
 */
function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Math.max(1, Number(value));
  const until = Date.parse(value);
  if (Number.isNaN(until) || /^[\d.+-]*$/.test(value)) return 30;
  const shopNow = Date.parse(headers.get('date') ?? '');
  return Math.max(1, Math.ceil((until - (Number.isNaN(shopNow) ? Date.now() : shopNow)) / 1000));
}
