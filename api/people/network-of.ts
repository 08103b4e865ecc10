import { isIPv6 } from 'node:net';

/**
 * What counts as one caller. A home or server gets a whole /64 of IPv6, and could use another address for each attempt.
 * @returns the /64 of an IPv6 address; any other address as it is, also an IPv4 address that is written as IPv6
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;
  const plain = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  if (plain.startsWith('::ffff:')) return address;
  const [head = '', tail] = plain.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
