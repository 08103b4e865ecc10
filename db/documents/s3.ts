import { hexHash, signedHeaders, type Signer } from './sign.ts';
import { BucketError, type Bucket, type DocumentStore, type StoredObject } from './store.ts';

/** `endpoint`: an origin; the bucket is in the path, as all S3-compatible stores understand it. */
export type S3Options = Signer & { endpoint: string; bucket: string };

type Call = {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  key?: string;
  query?: Record<string, string>;
  body?: Uint8Array;
  signal: AbortSignal;
};

const emptyHash = hexHash('');
/** A large print job over a slow link; everything else is small. */
const transferMs = 120_000;
const shortMs = 5_000;
/** For the headers of an object, then for each chunk: as a whole it takes as long as its reader. */
const silenceMs = 30_000;
const pageOfKeys = 1_000;

/** @param options null: bytes are in Postgres */
export const documentStore = (options: S3Options | null): DocumentStore => ({
  bucket: options === null ? null : s3Bucket(options),
});

/** A bucket of an S3-compatible store. It never retries: activities do. */
export function s3Bucket(options: S3Options, limits = { silenceMs }): Bucket {
  const call = (wanted: Call) => send(options, wanted);
  return {
    put: async (key, bytes) => {
      await drained(
        await done(await call({ method: 'PUT', key, body: bytes, signal: AbortSignal.timeout(transferMs) })),
      );
    },
    get: async (key) => {
      const silence = silenceOf(limits.silenceMs);
      const response = await silence.limited(async () => {
        const answer = await call({ method: 'GET', key, signal: silence.signal });
        return answer.status === 404 && (await codeOf(answer)) === 'NoSuchKey' ? null : done(answer);
      });
      return response && chunksOf(response, silence);
    },
    look: async (key) => {
      const response = await call({ method: 'HEAD', key, signal: AbortSignal.timeout(shortMs) });
      if (response.status === 404) return null;
      const { headers } = await done(response);
      return described(key, headers.get('last-modified'), headers.get('content-length'));
    },
    delete: async (key) => {
      await drained(await done(await call({ method: 'DELETE', key, signal: AbortSignal.timeout(shortMs) })));
    },
    list: async (after) => {
      const query = {
        'list-type': '2',
        'max-keys': String(pageOfKeys),
        prefix: 'acct_',
        ...(after !== '' && { 'start-after': after }),
      };
      const signal = AbortSignal.timeout(transferMs);
      return pageOf(await textOf(await done(await call({ method: 'GET', query, signal }))));
    },
  };
}

async function send({ endpoint, bucket, ...signer }: S3Options, wanted: Call): Promise<Response> {
  const { method, key, query = {}, body, signal } = wanted;
  const url = new URL(`${endpoint}/${bucket}${key === undefined ? '' : `/${key}`}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const bodyHash = body === undefined ? emptyHash : hexHash(body);
  const { host: _host, ...headers } = signedHeaders({ method, url, headers: {}, bodyHash }, signer, new Date());
  return passing(
    fetch(url, { method, headers, signal, redirect: 'manual', ...(body && { body: body as Uint8Array<ArrayBuffer> }) }),
  );
}

/** @throws BucketError for an answer that is no success. Of its body only S3's own code is shown. */
async function done(response: Response): Promise<Response> {
  if (response.ok) return response;
  const code = await codeOf(response);
  const isPassing = response.status >= 500 || response.status === 429 || response.status === 408;
  throw new BucketError([response.status, code].filter(Boolean).join(' '), isPassing);
}

const read = new WeakMap<Response, Promise<string>>();
/** May be asked twice: a body can be read only once. */
function codeOf(response: Response): Promise<string> {
  const text = read.get(response) ?? textOf(response);
  read.set(response, text);
  return text.then((body) => /<Code>(\w{1,60})<\/Code>/.exec(body)?.[1] ?? '');
}

const textOf = (response: Response): Promise<string> => passing(response.text());
const drained = (response: Response): Promise<unknown> => passing(response.arrayBuffer());

/** No answer, or half of it. */
async function passing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { name } = error as Error;
    throw new BucketError(name === 'TimeoutError' ? 'no answer in time' : 'no connection', true);
  }
}

type Silence = { signal: AbortSignal; limited: <T>(work: () => Promise<T>) => Promise<T> };

/** Ends a call when one part of its answer takes longer. Between parts no time counts: then its reader is slow. */
function silenceOf(ms: number): Silence {
  const ending = new AbortController();
  const end = () => ending.abort(new DOMException('The store is silent.', 'TimeoutError'));
  return {
    signal: ending.signal,
    limited: async (work) => {
      const timer = setTimeout(end, ms);
      try {
        return await work();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function* chunksOf(response: Response, { limited }: Silence): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const chunks = (response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next: IteratorResult<Uint8Array, unknown> = await limited(() => passing(chunks.next()));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // A reader that leaves early leaves no open connection.
    await chunks.return?.();
  }
}

/** Our keys have no character that XML or URLs escape. */
function pageOf(xml: string): { objects: StoredObject[]; more: boolean } {
  if (!/<ListBucketResult[\s>]/.test(xml)) throw new BucketError('the answer is not that of an S3 store', false);
  const objects = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, content]) =>
    described(tagOf(content!, 'Key'), tagOf(content!, 'LastModified'), tagOf(content!, 'Size')),
  );
  return { objects, more: tagOf(xml, 'IsTruncated') === 'true' };
}

const tagOf = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

function described(key: string, modified: string | null, size: string | null): StoredObject {
  const modifiedAt = new Date(modified ?? '');
  const isWhole = key !== '' && !Number.isNaN(modifiedAt.getTime()) && /^\d+$/.test(size ?? '');
  if (!isWhole) throw new BucketError('the answer is not that of an S3 store', false);
  return { key, size: Number(size), modifiedAt };
}
