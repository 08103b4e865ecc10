import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { documentStore, s3Bucket } from '../../../db/documents/s3.ts';
import type { Bucket } from '../../../db/documents/store.ts';
import { startFaultProxy } from '../../support/fakes/fault-proxy.ts';
import { startS3Server } from '../../support/fakes/s3-server.ts';
import { atTheEnd, forTheFile } from '../../support/engine/for-the-file.ts';

const s3 = forTheFile(startS3Server);
const bucket = (): Bucket => s3Bucket(s3);
const aKey = (): string => `acct_${randomBytes(4).toString('hex')}/${randomBytes(32).toString('hex')}`;

async function bytesAt(key: string, from = bucket()): Promise<Buffer | null> {
  const chunks = await from.get(key);
  if (chunks === null) return null;
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

describe('a bucket', () => {
  it('gives back the bytes that were put', async () => {
    const [key, bytes] = [aKey(), randomBytes(300_000)];

    await bucket().put(key, bytes);

    expect(await bytesAt(key)).toEqual(bytes);
    expect(await bucket().look(key)).toEqual({ key, size: 300_000, modifiedAt: expect.any(Date) as unknown });
  });

  it('has nothing under another key', async () => {
    expect(await bytesAt(aKey())).toBeNull();
    expect(await bucket().look(aKey())).toBeNull();
  });

  it('deletes, and deletes again without complaint', async () => {
    const key = aKey();
    await bucket().put(key, Buffer.from('bytes'));

    for (const _ of [1, 2]) await bucket().delete(key);

    expect(await bytesAt(key)).toBeNull();
  });

  it('lists the objects after a key, in the order of their keys', async () => {
    const keys = [1, 2, 3].map((number) => `acct_0000list/${String(number).repeat(64)}`);
    for (const key of keys) await bucket().put(key, Buffer.from(key));

    const { objects } = await bucket().list(keys[0]!);

    const listed = objects.filter(({ key }) => key.startsWith('acct_0000list/'));
    expect(listed.map(({ key }) => key)).toEqual(keys.slice(1));
    expect(listed[0]).toMatchObject({ size: keys[0]!.length });
  });
});

describe('a wrong configuration', () => {
  it.each([
    ['a wrong secret', { secret: 'guessed' }, /^document store: 403 SignatureDoesNotMatch$/],
    // The second is Versity's.
    ['an unknown key', { key: 'AKIAGUESSED' }, /^document store: (403 InvalidAccessKeyId|404 XAdminUserNotFound)$/],
    ['a bucket that is not there', { bucket: 'other-bucket' }, /^document store: 404 NoSuchBucket$/],
  ])('shows the code of the store, and no secret: %s', async (_title, change, message) => {
    const wrong = s3Bucket({ ...s3, ...change });

    for (const call of [() => wrong.put(aKey(), Buffer.from('bytes')), () => wrong.get(aKey())])
      await expect(call()).rejects.toMatchObject({
        message: expect.stringMatching(message) as unknown,
        isPassing: false,
      });
  });

  it('is none where nothing is configured', () => {
    expect(documentStore(null)).toEqual({ bucket: null });
  });
});

describe('an object that comes slowly', () => {
  const silenceMs = 1_000;
  /** An object whose chunks the test sends. */
  async function aSlowObject() {
    const server = createServer((_, answer) => answer.writeHead(200).flushHeaders()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atTheEnd(() => server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
    const slow = s3Bucket({ ...s3, endpoint: `http://127.0.0.1:${port}` }, { silenceMs });
    const chunks = (await slow.get(aKey())) as AsyncGenerator<Uint8Array>;
    const [, response] = await asked;
    return { chunks, response };
  }

  it('is read to its end, however long its reader takes', async () => {
    const { chunks, response } = await aSlowObject();

    response.write('one');
    const first = await chunks.next();
    await delay(silenceMs * 1.5);
    response.end('two');
    const second = await chunks.next();

    expect([first, second].map(({ value }) => Buffer.from(value as Uint8Array).toString())).toEqual(['one', 'two']);
    expect((await chunks.next()).done).toBe(true);
  });

  it('may be read another time where the store falls silent', async () => {
    const { chunks, response } = await aSlowObject();
    response.write('one');
    await chunks.next();

    const next = chunks.next();

    await expect(next).rejects.toMatchObject({ message: 'document store: no answer in time', isPassing: true });
  });

  it('leaves no connection where its reader goes', async () => {
    const { chunks, response } = await aSlowObject();
    const closed = once(response, 'close');
    response.write('one');
    await chunks.next();

    await chunks.return(undefined);

    await closed;
    expect(response.writableFinished).toBe(false);
  });
});

describe('a store that fails', () => {
  const proxy = forTheFile(async () => {
    const started = await startFaultProxy({ target: s3.endpoint });
    atTheEnd(() => started.close());
    return started;
  });
  // Its faults answer in place of the store: behind the proxy's host no signature fits.
  const behind = (): Bucket => s3Bucket({ ...s3, endpoint: proxy.url });

  it.each([
    ['503', () => proxy.refuse(503, { times: 1 }), '503'],
    ['429', () => proxy.limitRate(1, { times: 1 }), '429'],
    ['a broken connection', () => proxy.cut({ times: 1 }), 'no connection'],
  ])('may do it the next time: %s', async (_title, place, message) => {
    place();

    const put = behind().put(aKey(), Buffer.from('bytes'));

    await expect(put).rejects.toMatchObject({ message: `document store: ${message}`, isPassing: true });
  });

  it('is not believed when a page for people answers', async () => {
    const placed = proxy.answerHtml();

    await expect(behind().list('')).rejects.toMatchObject({ isPassing: false });
    await expect(behind().look(aKey())).rejects.toMatchObject({ isPassing: false });
    placed.lift();
  });
});
