import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Options } from '../../../db/documents/s3.ts';
import { hexHash, signedHeaders } from '../../../db/documents/sign.ts';

/** By name, since they bring no types; below, what we use of them. */
const packages: Readonly<Record<'storage' | 'signing', string>> = { storage: 's3rver', signing: 'aws4' };

type Storage = { run(): Promise<AddressInfo>; close(): Promise<void> };
type StorageOptions = {
  address: string;
  port: number;
  silent: boolean;
  directory: string;
  configureBuckets: { name: string; configs: string[] }[];
};
type Sign = (
  request: { service: string; region: string; method: string; host: string; path: string; headers: Headers },
  credentials: { accessKeyId: string; secretAccessKey: string },
) => { headers: Record<string, string> };
type Headers = Record<string, string>;

type S3Server = S3Options & { stop(): Promise<void> };

/** The only pair that the package knows. */
const credentials = { key: 'S3RVER', secret: 'S3RVER' };

/**
 * An S3 server on loopback with one empty bucket: `s3rver`, whose objects lie in a folder. It does not check signatures of version
 * 4, so a front checks them as `aws4` makes them. `S3_TEST_STORE` names another server for the tests: endpoint, region, key and
 * secret as JSON.
 */
export async function startS3Server(): Promise<S3Server> {
  const given = process.env['S3_TEST_STORE'];
  if (given !== undefined) return bucketOf(JSON.parse(given) as Omit<S3Options, 'bucket'>);
  const directory = mkdtempSync(join(tmpdir(), 'vp-s3-'));
  const { default: Server } = (await import(packages.storage)) as {
    default: new (options: StorageOptions) => Storage;
  };
  const bucket = 'documents';
  const configureBuckets = [{ name: bucket, configs: [] }];
  const storage = new Server({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
  const { port } = await storage.run();
  const { sign } = (await import(packages.signing)) as { sign: Sign };
  const front = http.createServer((request, response) => {
    void serve({ request, response, port, sign }).catch(() => response.destroy());
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    bucket,
    region: 'us-east-1',
    ...credentials,
    stop: async () => {
      front.close();
      front.closeAllConnections();
      await storage.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A new bucket of a server that runs already. */
async function bucketOf(store: Omit<S3Options, 'bucket'>): Promise<S3Server> {
  const bucket = `documents-${randomBytes(4).toString('hex')}`;
  const url = new URL(`${store.endpoint}/${bucket}`);
  const request = { method: 'PUT', url, headers: {}, bodyHash: hexHash('') };
  const { host: _host, ...headers } = signedHeaders(request, store, new Date());
  const { status } = await fetch(url, { method: 'PUT', headers });
  if (status !== 200) throw new Error(`The bucket cannot be made: ${status}.`);
  return { ...store, bucket, stop: () => Promise.resolve() };
}

type Served = { request: http.IncomingMessage; response: http.ServerResponse; port: number; sign: Sign };

async function serve({ request, response, port, sign }: Served): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const refusal = refusalOf(request, body, sign);
  if (refusal) return void response.writeHead(403).end(`<Error><Code>${refusal}</Code></Error>`);
  const { method, url, headers } = request;
  const onward = http.request({ host: '127.0.0.1', port, method, path: url, headers });
  onward.end(body);
  const [answer] = (await once(onward, 'response')) as [http.IncomingMessage];
  response.writeHead(answer.statusCode!, answer.headers);
  answer.pipe(response);
}

/** As Amazon refuses it; undefined where the signature is right. */
function refusalOf(
  { method = '', url = '', headers }: http.IncomingMessage,
  body: Buffer,
  sign: Sign,
): string | undefined {
  const [, key, region, names] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d+\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (key === undefined) return 'AccessDenied';
  if (key !== credentials.key) return 'InvalidAccessKeyId';
  const hash = createHash('sha256').update(body).digest('hex');
  if (headers['x-amz-content-sha256'] !== hash) return 'XAmzContentSHA256Mismatch';
  const signed = Object.fromEntries(names!.split(';').map((name) => [name, headers[name] as string]));
  const wanted = { service: 's3', region: region!, method, host: headers.host!, path: url, headers: signed };
  const right = sign(wanted, { accessKeyId: credentials.key, secretAccessKey: credentials.secret });
  const signatureOf = (text = '') => /Signature=(\w+)$/.exec(text)?.[1];
  return signatureOf(right.headers['Authorization']) === signatureOf(headers.authorization)
    ? undefined
    : 'SignatureDoesNotMatch';
}
