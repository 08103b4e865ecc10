import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { sampleLabel } from '../../../activities/labels/providers/test/label-image.ts';
import { storeBytes, storeDocument } from '../../../db/documents/documents.ts';
import { s3Bucket } from '../../../db/documents/s3.ts';
import { inPostgres, keyOf, type DocumentStore } from '../../../db/documents/store.ts';
import { newId } from '../../../db/engine/ids.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { listOrdersToPrint } from '../../../db/paper/orders-to-print.ts';
import { decodePng, parsePng } from '../../../domain/paper/png.ts';
import type { DocumentKind, DocumentMediaType } from '../../../domain/paper/paper.ts';
import type { LabelStatus } from '../../../domain/labels/label.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { aProblem, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';
import { startS3Server } from '../../support/fakes/s3-server.ts';
import { barcodesIn, drawnTextOf, itOnPaper, pngOf } from '../../support/paper/pdf.ts';
import { zlib } from '../../support/paper/pictures.ts';
import { printZpl } from '../../support/paper/zpl.ts';
import { anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';

const trackingNumber = '9400100000000000000017';
const png = Buffer.from(sampleLabel({ service: 'Ground', trackingNumber }));

const api = forTheFile(() => openApi());
const s3 = forTheFile(startS3Server);
const onS3 = forTheFile(() => openApi(undefined, { documents: { bucket: s3Bucket(s3) } }));

type Wish = {
  status?: LabelStatus;
  kind?: DocumentKind;
  bytes?: Buffer;
  mediaType?: DocumentMediaType;
  store?: DocumentStore;
  of?: TestApi;
};

/** A document of an order of a new company; a label's row with it. */
async function aDocument(wish: Wish = {}) {
  const { of = api, store = inPostgres, kind = 'label', bytes: content = png, mediaType = 'image/png' } = wish;
  const owner = await of.anAccount();
  const { accountId } = owner;
  const { id: channelId } = (await owner.post('/v1/channels', { kind: 'api', name: 'Shop' })).json<{ id: string }>();
  const order = anIncomingOrder([{ sku: await aSku(of.pool, accountId) }]);
  const { orderId } = await storeOrderFor(of.pool, { accountId, channelId }, order);
  const labelId = kind === 'label' ? newId('label') : null;
  const bytes = await storeBytes(store, accountId, { kind, bytes: content });
  const id = await withAccount(of.pool, accountId, async (db) => {
    if (labelId !== null)
      await db('labels').insert({ account_id: accountId, id: labelId, order_id: orderId, label_account_id: 'lacc_1', payer: 'account', status: wish.status ?? 'recorded', content: '{}', actor_kind: 'account', actor_id: 'key_1' }); // prettier-ignore
    return storeDocument(db, store, { bytes, mediaType, orderId, labelId });
  });
  const void_ = () =>
    withAccount(of.pool, accountId, (db) => db('labels').where({ id: labelId! }).update({ status: 'void_requested' }));
  return { owner, id, orderId, labelId, void: void_ };
}

const printed = async (owner: Caller, orderId: string) =>
  (await owner.get(`/v1/orders/${orderId}/events`))
    .json<{ data: { type: string; actor: object; data: object }[] }>()
    .data.filter(({ type }) => type === 'label_printed');

const known = (owner: Caller, id: string, tag: string) =>
  api.app.inject({
    method: 'GET',
    url: `/v1/documents/${id}`,
    headers: { authorization: `Bearer ${owner.key}`, 'if-none-match': tag },
  });

describe('a label', () => {
  it('is read as PDF, to be stored by nobody but its reader', async () => {
    const { owner, id } = await aDocument();

    const answer = await owner.get(`/v1/documents/${id}`);

    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${id}.pdf"`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
    });
  });

  itOnPaper('can be scanned on the paper of its PDF', async () => {
    const { owner, id } = await aDocument();

    const answer = await owner.get(`/v1/documents/${id}`);

    expect(barcodesIn(pngOf(answer.rawPayload, { dpi: 203 }))).toEqual([trackingNumber]);
  });

  it('is read as the PNG that was bought, byte for byte, with its hash as ETag', async () => {
    const { owner, id } = await aDocument();

    const answers = [
      await owner.get(`/v1/documents/${id}?format=png`),
      await owner.get(`/v1/documents/${id}?format=png`),
    ];

    for (const answer of answers) {
      expect(answer.rawPayload.equals(png)).toBe(true);
      expect(answer.headers['content-length']).toBe(String(png.length));
      expect(answer.headers['etag']).toMatch(/^"[0-9a-f]{64}"$/);
    }
  });

  it.each([
    ['', 812],
    ['&dpi=300', 1200],
  ])('is read as ZPL for the dots of its printer: %j', async (query, width) => {
    const { owner, id } = await aDocument();

    const answer = await owner.get(`/v1/documents/${id}?format=zpl${query}`);

    expect(answer.headers['content-type']).toBe('application/zpl');
    expect(printZpl(answer.body).width).toBe(width);
  });

  it('is not sent again to a reader who has it', async () => {
    const { owner, id, orderId } = await aDocument();
    const { etag } = (await owner.get(`/v1/documents/${id}`)).headers;

    const answer = await known(owner, id, `"other", W/${String(etag)}`);

    expect([answer.statusCode, answer.body]).toEqual([304, '']);
    expect(await printed(owner, orderId)).toHaveLength(1);
  });

  it('has a tag of its own for each format, and for VOID', async () => {
    const document = await aDocument();
    const tagOf = async (query: string) =>
      (await document.owner.get(`/v1/documents/${document.id}${query}`)).headers['etag'];
    const queries = ['', '?format=png', '?format=zpl', '?format=zpl&dpi=300'];
    const tags = await Promise.all(queries.map(tagOf));

    await document.void();

    expect(new Set([...tags, ...(await Promise.all(queries.map(tagOf)))]).size).toBe(8);
    expect((await known(document.owner, document.id, tags[0]!)).statusCode).toBe(200);
  });

  it('shows on the timeline who got it, once a minute', async () => {
    const { owner, id, orderId, labelId } = await aDocument();

    for (const query of ['', '', '?format=zpl']) await owner.get(`/v1/documents/${id}${query}`);

    const events = await printed(owner, orderId);
    expect(events.map(({ data }) => data)).toEqual(
      expect.arrayContaining(['pdf', 'zpl'].map((format) => ({ labelId, documentId: id, format }))),
    );
    expect(events).toHaveLength(2);
    expect(events[0]!.actor).toMatchObject({ kind: 'account', name: 'Test' });
  });

  it('is still to be printed after a read by one who does not pack', async () => {
    const { owner, id, orderId, labelId } = await aDocument();
    const wasPrinted = () =>
      withAccount(api.pool, owner.accountId, async (db) => (await listOrdersToPrint(db, [orderId]))[0]!.labels.map((label) => label.wasPrinted)); // prettier-ignore

    await (await api.aKeyOf(owner, ['read'])).get(`/v1/documents/${id}`);

    expect(await wasPrinted()).toEqual([false]);
    expect(await printed(owner, orderId)).toMatchObject([{ data: { labelId, documentId: id, readOnly: true } }]);
    await (await api.aKeyOf(owner, ['ship'])).get(`/v1/documents/${id}`);
    expect(await wasPrinted()).toEqual([true]);
  });

  it('is not there for another company', async () => {
    const { id } = await aDocument();
    const other = await api.anAccount();

    const answer = await other.get(`/v1/documents/${id}`);

    expect(answer.json()).toEqual(
      aProblem(answer, 'document_not_found', { detail: 'There is no such document, or its time is over.' }),
    );
  });
});

describe('a void label', () => {
  itOnPaper.each(['void_requested', 'voided'] as const)('bears VOID when it is %s', async (status) => {
    const { owner, id } = await aDocument({ status });
    const inkOf = (bytes: Uint8Array) => decodePng(parsePng(bytes), zlib).dots.filter((dot) => dot < 128).length;

    const pdf = await owner.get(`/v1/documents/${id}`);
    const picture = await owner.get(`/v1/documents/${id}?format=png`);

    expect(drawnTextOf(pdf.rawPayload).replaceAll(/\s/g, '')).toBe('VOID');
    expect(inkOf(picture.rawPayload)).toBeGreaterThan(inkOf(png) * 1.2);
  });

  itOnPaper('bears VOID also where its provider gave a PDF', async () => {
    const given = await PDFDocument.create();
    given.addPage([288, 432]).drawText('To: Ada');
    const bytes = Buffer.from(await given.save());
    const { owner, id } = await aDocument({ status: 'voided', bytes, mediaType: 'application/pdf' });

    const answer = await owner.get(`/v1/documents/${id}`);

    expect(drawnTextOf(answer.rawPayload)).toContain('To: Ada');
    expect(drawnTextOf(answer.rawPayload).replaceAll(/\s/g, '')).toContain('VOID');
  });
});

it('a void label whose PDF cannot be marked is refused, and does not come without the mark', async () => {
  const label = { bytes: Buffer.from('%PDF-1.7 no more'), mediaType: 'application/pdf' as const };
  const { owner, id } = await aDocument({ status: 'voided', ...label });

  const answer = await owner.get(`/v1/documents/${id}`);

  expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request' });
});

describe('another document', () => {
  it('is sent as it is stored, and noted nowhere', async () => {
    const bytes = randomBytes(3_000_000);
    const { owner, id, orderId } = await aDocument({ kind: 'packing_slip', bytes, mediaType: 'application/pdf' });

    const answer = await owner.get(`/v1/documents/${id}`);

    expect(answer.rawPayload.equals(bytes)).toBe(true);
    expect(await printed(owner, orderId)).toEqual([]);
  });

  it('has no other format than its own', async () => {
    const { owner, id } = await aDocument({ kind: 'packing_slip', mediaType: 'application/pdf' });

    const answer = await owner.get(`/v1/documents/${id}?format=zpl`);

    expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '?format' }] });
    expect((await owner.get(`/v1/documents/${id}?format=pdf`)).statusCode).toBe(200);
  });
});

it.each(['format=svg', 'dpi=600', 'paper=a4'])('a query that is not ours is refused: %s', async (query) => {
  const { owner, id } = await aDocument();

  const answer = await owner.get(`/v1/documents/${id}?${query}`);

  expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request' });
});

it('a label that is no picture is refused in other formats, and read as it is stored', async () => {
  const { owner, id } = await aDocument({ bytes: Buffer.from('not a picture') });

  expect((await owner.get(`/v1/documents/${id}`)).json()).toMatchObject({ code: 'invalid_request' });
  expect((await owner.get(`/v1/documents/${id}?format=png`)).body).toBe('not a picture');
});

describe('a document whose bytes are in an S3 store', () => {
  const store = (): DocumentStore => ({ bucket: s3Bucket(s3) });

  it('is read through our route', async () => {
    const { owner, id } = await aDocument({ of: onS3, store: store() });

    const answer = await owner.get(`/v1/documents/${id}?format=png`);

    expect(answer.rawPayload.equals(png)).toBe(true);
  });

  it('cannot be read while the store has lost them', async () => {
    const { owner, id } = await aDocument({ of: onS3, store: store(), bytes: randomBytes(50) });
    const { etag } = (await owner.get(`/v1/documents/${id}?format=png`)).headers;
    await store().bucket!.delete(keyOf(owner.accountId, Buffer.from(String(etag).slice(1, -1), 'hex')));

    const answer = await owner.get(`/v1/documents/${id}?format=png`);

    expect(answer.json()).toMatchObject({ status: 503, code: 'document_store_unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
  });
});
