import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, fetch as undiciFetch } from 'undici';
import { ChannelError, type Fault, type Fetch } from './channel.ts';

type SafeFetchOptions = {
  /** `host:port` pairs that may be private and speak plain http, for demos and tests. */
  allowedPrivateHosts: readonly string[];
  /** Limit of the whole call: name look-up, connection, answer and its body. */
  timeoutMs?: number;
  /** Limit of the answer's body, after decompression. */
  maxBodyBytes?: number;
  /** Resolves a name to all its addresses; tests replace it. */
  resolve?: Resolve;
};
export type Resolve = (hostname: string, found: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const systemResolve: Resolve = (hostname, found) => lookup(hostname, { all: true }, found);

/**
 * The only way to call a URL that a merchant gave us.
 *
 * It speaks https on port 443, and only to public addresses. Each call connects to the address that was checked, so a
 * name whose address changes after the check does not help an attacker. Redirects are returned, not followed
 * (`faultOfStatus` refuses them). The answer's body is read within both limits.
 * @returns a `Fetch`; it throws ChannelError `invalid` (`url`, `private_address`) for a refused URL, the reason of the
 *   caller's signal when that ended the call, else the network error, for `classifyNetworkFailure`
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
  // An IP address in the URL never passes the resolver, so it is checked here.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublic(literal)) throw refused();
}

// The IPv6 range of public addresses today. Others (::a.b.c.d, site-local, translation prefixes) are no shop.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  return ip.range() === 'unicast' && (ip.kind() === 'ipv4' || ip.match(globalUnicast));
}

/** Refuses a name with a private address among its addresses: a public shop has none. */
function publicAddresses(resolve: Resolve): LookupFunction {
  return (hostname, { all }, found) =>
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error ?? !first) return found(error ?? new Error('The name has no address.'), []);
      if (!addresses.every(({ address }) => isPublic(address))) return found(refused(), []);
      return all ? found(null, addresses) : found(null, first.address, first.family);
    });
}

/** Our time limit and the caller's signal in one. `clear` removes the timer and the listener once the call is over. */
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
  // These headers describe the encoded body; ours is decoded.
  answer.headers.delete('content-encoding');
  answer.headers.delete('content-length');
  return answer;
}

/** An error and its causes. Without `instanceof`, since errors of the platform may come from another realm. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link && chain.length < 10; link = (link as { cause?: unknown }).cause) chain.push(link);
  return chain;
}

const isChannelError = (error: unknown): error is ChannelError => error instanceof ChannelError;

/** Nothing came within the time that we wait: neither a connection nor an answer. */
export const isTimeOut = (error: unknown): boolean =>
  (causes(error) as { name?: unknown; code?: unknown }[]).some(
    ({ name, code }) => name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT',
  );

/** Failures before anything was sent: there was no connection. */
const neverSent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The fault of a call that got no answer. The error's own text is left out, since it may quote the shop.
 * @param wrote whether the call was a write, so that its effect is in doubt
 * @returns `unavailable` when the call cannot have had an effect, else `unknown_outcome`; a ChannelError unchanged
 * @throws the error unchanged when our own cancellation ended the call: that is no fault of the shop
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
 * The fault of an answer, by its status. An HTML page instead of JSON is a fault too: a proxy or a login page answered,
 * not the shop.
 * @param call `wrote`: as above. `missing`: what a 404 or 410 means to be gone; the channel if left out
 * @returns undefined for a 2xx that is not HTML
 */
export function faultOfStatus(
  response: Response,
  { wrote, missing = 'channel' }: { wrote: boolean; missing?: Missing },
): ChannelError | undefined {
  const { status, headers } = response;
  if (status === 401 || status === 403) return new ChannelError({ kind: 'auth_failed' });
  // The shop is frozen or locked by its platform: nothing was done.
  if (status === 402 || status === 423) return new ChannelError({ kind: 'unavailable' });
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
 * @returns whole seconds: at least 1, so that there is no busy loop; 30 when the shop gives none
 * @see RFC 9110 §10.2.3: seconds, or a date, which is compared with the shop's own clock if the answer has it
 */
export function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Math.max(1, Number(value));
  const until = Date.parse(value);
  if (Number.isNaN(until) || /^[\d.+-]*$/.test(value)) return 30;
  const shopNow = Date.parse(headers.get('date') ?? '');
  return Math.max(1, Math.ceil((until - (Number.isNaN(shopNow) ? Date.now() : shopNow)) / 1000));
}
