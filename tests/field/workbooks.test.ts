import { beforeAll, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../support/engine/test-api.ts';
import { anApiChannel, anOrder, aPostedOrder, aProduct } from '../support/trade/api-orders.ts';
import { levelOf } from '../support/trade/api-stock.ts';

const api = forTheFile(() => openApi());
let owner: Caller;
beforeAll(async () => {
  owner = await api.anAccount();
  for (const sku of ['MUG', '0815']) await aProduct(owner, sku);
});

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
type Cell = string | number | { formula: string; value: number };

function cellXml(cell: Cell): string {
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
  if (typeof cell === 'string') return `<c t="inlineStr"><is><t>${cell}</t></is></c>`;
  return `<c><f>${cell.formula}</f><v>${cell.value}</v></c>`;
}

/** A workbook with one sheet, as small as the format allows. */
function workbook(rows: readonly Cell[][], more: Record<string, Uint8Array> = {}): Buffer {
  const at = (column: number, row: number) => `${String.fromCharCode(65 + column)}${row + 1}`;
  const sheet = rows.map((cells, row) =>
    cells.length === 0
      ? ''
      : `<row r="${row + 1}">${cells.map((cell, column) => cellXml(cell).replace('<c', `<c r="${at(column, row)}"`)).join('')}</row>`,
  );
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return Buffer.from(
    zipSync({
      'xl/workbook.xml': strToU8(
        `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ),
      'xl/worksheets/sheet1.xml': strToU8(
        `<worksheet xmlns="${main}"><sheetData>${sheet.join('')}</sheetData></worksheet>`,
      ),
      ...more,
    }),
  );
}

const send = (url: string, payload: Buffer | string, type = workbookType) =>
  api.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${owner.key}`, 'content-type': type },
    payload,
  });
const linesOf = (body: string) => body.trim().split('\n').slice(1);

describe('a workbook', () => {
  it('of counts is read row by row; formulas are not evaluated', async () => {
    const file = workbook([
      ['SKU', 'On hand'],
      ['MUG', 7],
      [],
      ['0815', { formula: 'WEBSERVICE("http://x")', value: 5 }],
      ['NONE', 1],
    ]);

    const answer = await send('/v1/stock/batch', file);

    expect(linesOf(answer.body).map((line) => line.split(',').slice(0, 4).join())).toEqual([
      '2,MUG,ok,',
      '4,0815,ok,',
      '5,NONE,failed,unknown_sku',
    ]);
    expect(await levelOf(owner, 'MUG')).toMatchObject({ physicalOnHand: 7 });
    expect(await levelOf(owner, '0815')).toMatchObject({ physicalOnHand: 5 });
  });

  it('of shipments has numbers with all their digits, or is refused in that row', async () => {
    const channelId = await anApiChannel(owner);
    const [one, two] = [
      await aPostedOrder(owner, anOrder(channelId, ['MUG'])),
      await aPostedOrder(owner, anOrder(channelId, ['MUG'])),
    ];
    const file = workbook([
      ['Order', 'Carrier', 'Tracking number', 'Ship date', 'Note'],
      [one.number, 'FedEx', 774899172137, '2026-11-29', 'x'],
      [two.number, 'USPS', 9400100000000000000000, '2026-11-29', 'y'],
    ]);

    const answer = await send('/v1/shipments/batch', file);

    const lines = linesOf(answer.body).filter((line) => /^[23],/.test(line));
    expect(lines[0]).toContain(',774899172137,ok,');
    expect(lines[1]).toContain('failed,tracking_not_acceptable');
    expect((await owner.get(`/v1/orders/${one.id}`)).json()).toMatchObject({
      shipments: [{ trackingNumber: '774899172137', carrier: 'fedex' }],
    });
  });

  it.each([
    ['cut off', () => workbook([['sku', 'physical_on_hand']]).subarray(0, 200), 400, 'malformed_request'],
    ['no workbook', () => Buffer.from('sku,physical_on_hand\nMUG,1'), 400, 'malformed_request'],
    ['another archive', () => Buffer.from(zipSync({ 'a.txt': strToU8('a') })), 400, 'malformed_request'],
    ['too large', () => Buffer.alloc(3 * 1024 * 1024, 1), 413, 'payload_too_large'],
    [
      'small, and huge once unpacked',
      () => workbook([['sku', 'physical_on_hand']], { 'xl/sharedStrings.xml': new Uint8Array(80 * 1024 * 1024) }),
      413,
      'payload_too_large',
    ],
    [
      'small, with a cell far away',
      () => {
        const far = '<worksheet><sheetData><row r="900000"><c r="XFD900000"><v>1</v></c></row></sheetData></worksheet>';
        return workbook([], { 'xl/worksheets/sheet1.xml': strToU8(far) });
      },
      413,
      'payload_too_large',
    ],
    ['empty', () => workbook([]), 422, 'invalid_request'],
  ])('is refused when it is %s', async (...[, file, status, code]) => {
    const answer = await send('/v1/stock/batch', file());

    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });
});

let address: Promise<string> | undefined;
const network = () => (address ??= api.app.listen({ host: '127.0.0.1', port: 0 }));

/** A form as a browser sends it. */
const form = (parts: readonly string[]) =>
  `${parts.map((part) => `--edge\r\nContent-Disposition: form-data; ${part}\r\n`).join('')}--edge--\r\n`;

describe('a form with a file', () => {
  it.each([
    ['text/csv', 'a.csv', 'sku,physical_on_hand\nMUG,11', 11],
    ['application/vnd.ms-excel', 'a.csv', 'sku;physical_on_hand\r\nMUG;12', 12],
  ])('is read as the file alone: %s', async (...[type, name, text, onHand]) => {
    const parts = [
      `name="comment"\r\n\r\nmonday`,
      `name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}`,
    ];

    const answer = await send('/v1/stock/batch', form(parts), 'multipart/form-data; boundary=edge');

    expect(linesOf(answer.body)).toEqual(['2,MUG,ok,,']);
    expect(await levelOf(owner, 'MUG')).toMatchObject({ physicalOnHand: onHand });
  });

  it.each([
    ['windows-1252', Buffer.from('sku,physical_on_hand\nMUG,21\nK\xe4se,1', 'latin1')],
    ['"ISO-8859-1"', Buffer.from('sku,physical_on_hand\nMUG,21\nK\xe4se,1', 'latin1')],
    ['utf-16le', Buffer.from('sku,physical_on_hand\nMUG,21\nKäse,1', 'utf16le')],
    ['utf-8', Buffer.from('sku,physical_on_hand\nMUG,21\nKäse,1')],
  ])('is read in the charset that the part declares: %s', async (charset, bytes) => {
    const head = `name="file"; filename="a.csv"\r\nContent-Type: text/csv; charset=${charset}\r\n\r\n`;
    const [before, after] = form([`${head}|`]).split('|');
    const body = Buffer.concat([Buffer.from(before!), bytes, Buffer.from(after!)]);

    const answer = await send('/v1/stock/batch', body, 'multipart/form-data; boundary="edge"');

    expect(linesOf(answer.body)).toEqual(['2,MUG,ok,,', expect.stringContaining('3,Käse,failed,unknown_sku')]);
  });

  it.each(['/v1/stock/batch', '/v1/shipments/batch'])('is refused with a second file: %s', async (path) => {
    const before = await levelOf(owner, 'MUG');
    const file = (text: string) => `name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${text}`;
    const parts = [file('sku,physical_on_hand\nMUG,77'), file('sku,physical_on_hand\nMUG,78')];

    const answer = await send(path, form(parts), 'multipart/form-data; boundary=edge');

    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'malformed_request',
      detail: 'The form has a second file: send one file in each request.',
    });
    expect(await levelOf(owner, 'MUG')).toEqual(before);
  });

  it.each([1, 300])(
    'with a second file after many rows, and %i fields, is stopped, and says where and why',
    async (fields) => {
      const url = await network();
      const head = 'name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nsku,physical_on_hand\n';
      const comments = Array.from({ length: fields }, () => `name="comment"\r\n\r\n${'x'.repeat(1_000)}`);
      const parts = [...comments, head + 'NONE,1\n'.repeat(60_000), `${head}MUG,78`, ...comments];

      const answer = await fetch(`${url}/v1/stock/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner.key}`, 'content-type': 'multipart/form-data; boundary=edge' },
        body: form(parts),
      });

      const lines = linesOf(await answer.text());
      expect(lines.at(-1)).toMatch(/^\d+,,stopped,malformed_request,The form has a second file: send one/);
      expect(lines.length).toBeGreaterThan(1_000);
      expect(await levelOf(owner, 'MUG')).not.toMatchObject({ physicalOnHand: 78 });
    },
  );

  it.each([
    ['in its file', 14],
    ['before its last sign', 4],
  ])('is not written where it is cut off %s', async (_where, length) => {
    const before = await levelOf(owner, 'MUG');
    const whole = form([`name="file"; filename="a.csv"\r\n\r\nsku,physical_on_hand\nMUG,410`]);

    const answer = await send('/v1/stock/batch', whole.slice(0, -length), 'multipart/form-data; boundary=edge');

    const ofShipments = await send(
      '/v1/shipments/batch',
      whole.slice(0, -length),
      'multipart/form-data; boundary=edge',
    );

    for (const refused of [answer, ofShipments])
      expect(refused.json()).toMatchObject({ code: 'malformed_request', detail: 'The file was cut off.' });
    expect(await levelOf(owner, 'MUG')).toEqual(before);
  });

  it('may have an empty field for another file, as browsers send it', async () => {
    const empty = 'name="other"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n';
    const file = `name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nsku,physical_on_hand\nMUG,31`;

    const answer = await send('/v1/stock/batch', form([empty, file, empty]), 'multipart/form-data; boundary=edge');

    expect(linesOf(answer.body)).toEqual(['2,MUG,ok,,']);
  });

  it.each([
    ['has no file', form(['name="comment"\r\n\r\nmonday']), 'multipart/form-data; boundary=edge'],
    ['names no boundary', form([]), 'multipart/form-data'],
    [
      'is cut off',
      form(['name="file"; filename="a.csv"\r\n\r\nsku']).slice(0, 60),
      'multipart/form-data; boundary=edge',
    ],
  ])('is refused when it %s', async (_name, body, type) => {
    const answer = await send('/v1/stock/batch', body, type);

    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'malformed_request']);
  });
});

it.each(['text/plain', 'application/vnd.ms-excel', 'application/octet-stream'])(
  'another type of content is refused, naming what is taken: %s',
  async (type) => {
    const answer = await send('/v1/shipments/batch', 'order,carrier,tracking', type);

    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect(answer.json<{ detail: string }>().detail).toBe(
      `Send application/json, or a file as text/csv, or as ${workbookType}, or as multipart/form-data.`,
    );
  },
);
