import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { DomainError } from '../../domain/errors.ts';

/** A host name that does not resolve in this time is accepted: every call checks the address again. */
const resolveMs = 1_000;

/**
 * Refuses a URL when it is saved, as each call would refuse it: only https to a public address is allowed.
 * @param given the URL, and its place in the body as a JSON pointer
 * @param allowed `host:port` pairs that may be private, and plain http
 * @throws DomainError `private_address_refused`
 */
export async function assertPublicUrl(
  given: { url: string; pointer: string } | undefined,
  allowed: readonly string[],
): Promise<void> {
  if (given === undefined) return;
  const url = new URL(given.url);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const hasLogin = url.username !== '' || url.password !== '';
  if (isWeb && !hasLogin && allowed.includes(`${url.hostname}:${port}`)) return;
  if (hasLogin || url.protocol !== 'https:' || url.port !== '' || !(await isPublicHost(url.hostname))) {
    const detail = 'must be https, on its usual port, without a login, and lead to a public address';
    throw new DomainError('private_address_refused', 'This API does not call this URL.', [
      { pointer: given.pointer, detail },
    ]);
  }
}

async function isPublicHost(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublicAddress(host);
  if (!host.includes('.') || /(^|\.)(localhost|local|internal|home\.arpa)$/i.test(host)) return false;
  const found = await Promise.race([lookup(host, { all: true }).catch(() => []), wait(resolveMs, [], { ref: false })]);
  return found.every(({ address }) => isPublicAddress(address));
}

// The present range of global unicast IPv6. Others (::a.b.c.d, site-local, translation prefixes) lead to no shop.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

function isPublicAddress(address: string): boolean {
  const ip = ipaddr.process(address);
  return ip.range() === 'unicast' && (ip.kind() === 'ipv4' || ip.match(globalUnicast));
}
