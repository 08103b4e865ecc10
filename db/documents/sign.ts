import { createHash, createHmac } from 'node:crypto';

export type Signer = { region: string; key: string; secret: string };
type Unsigned = { method: string; url: URL; headers: Readonly<Record<string, string>>; bodyHash: string };

export const hexHash = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * The headers of a request to S3, signed by Signature Version 4:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. All given headers are signed. The path of `url` has
 * only characters that need no escape.
 * @param request.bodyHash SHA-256 of the body in hex: a store refuses other bytes than the signed ones
 */
export function signedHeaders(request: Unsigned, { region, key, secret }: Signer, now: Date): Record<string, string> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const { method, url, bodyHash } = request;
  const own = { ...request.headers, host: url.host, 'x-amz-content-sha256': bodyHash, 'x-amz-date': time };
  const sorted = Object.entries(own).sort(([one], [other]) => (one < other ? -1 : 1));
  const names = sorted.map(([name]) => name).join(';');
  const lines = sorted.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonical = [method, url.pathname, queryOf(url), lines, names, bodyHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, hexHash(canonical)].join('\n');
  const signingKey = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  const signature = hmac(signingKey, toSign).toString('hex');
  return {
    ...own,
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/${scope},SignedHeaders=${names},Signature=${signature}`,
  };
}

const queryOf = ({ searchParams }: URL): string =>
  [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');

const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
