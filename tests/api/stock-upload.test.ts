import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aProduct, aTrade } from '../support/trade/api-orders.ts';
import {
  aCatalogue,
  changesOf,
  aWarehouse,
  levelOf,
  levelsOf,
  rowsOf,
  someProducts,
  sumOf,
  upload,
  withKey,
  type Upload,
} from '../support/trade/api-stock.ts';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let url: string;
let owner: Caller;
beforeAll(async () => {
  api = await openApi();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  owner = await api.anAccount();
  await someProducts(owner, ['MUG', 'CUP', 'BOWL', '5" pipe', 'Käse']);
});
afterAll(() => api.close());

const send = (file: string, rest: Partial<Upload> = {}) => upload({ url, account: owner, ...rest }, file);
const head = 'row,sku,status,code,detail';
const setHead = 'sku,physical_on_hand\n';
const adjustHead = 'sku,adjust_by,reason\n';
const sendAdjustments = (file: string, rest: Partial<Upload> = {}) =>
  send(file, { ...rest, path: '/v1/stock/adjustments/batch' });
describe('a file of levels', () => {
  it('is answered with the outcome of each row, in their order', async () => {
    const answer = await send(
      `${setHead}MUG,7\nNONE,1\nCUP,five\n\nBOWL\n,3\nMUG,8\nCUP,-1\nBOWL,1000000001\n"5"" pipe",+4\nKäse,2`,
    );

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(answer.lines).toEqual([
      head,
      '2,MUG,ok,,',
      '3,NONE,failed,unknown_sku,"No product has the SKU ""NONE""."',
      '4,CUP,failed,invalid_request,"physical_on_hand: must be a whole number, 0 or more, is ""five""."',
      '6,BOWL,failed,invalid_request,physical_on_hand: is missing.',
      '7,,failed,invalid_request,sku: is missing.',
      '8,MUG,failed,duplicate_in_batch,The SKU MUG comes twice for one warehouse.',
      '9,CUP,failed,invalid_request,"physical_on_hand: must be 0 or more, is -1."',
      '10,BOWL,failed,invalid_request,"physical_on_hand: must be 1000000000 or less, is 1000000001."',
      '11,"5"" pipe",ok,,',
      '12,Käse,ok,,',
    ]);
    expect(await levelOf(owner, 'MUG')).toMatchObject({ physicalOnHand: 7, version: 1 });
    expect(await levelOf(owner, '5" pipe')).toMatchObject({ physicalOnHand: 4 });
    expect(await levelOf(owner, 'CUP')).toMatchObject({ version: 0 });
  });

  it('leaves what is as it is alone, so that a repeat changes nothing', async () => {
    const { account } = await aCatalogue(api, 3);
    const file = `${setHead}BULK-000000,4\nBULK-000001,0\n`;

    const first = await send(file, { account });
    const again = await send(file, { account });

    expect(again.lines).toEqual(first.lines);
    const levels = await levelsOf(account, 'limit=10');
    expect(levels.map(({ physicalOnHand, version }) => [physicalOnHand, version])).toEqual([
      [4, 1],
      [0, 1],
      [0, 0],
    ]);
    expect(await changesOf(api, account, levels[0]!.productId)).toHaveLength(1);
  });

  it('names warehouses by id or by the name of an own one', async () => {
    const { merchant, supplierId } = await aTrade(api);
    const { warehouse } = (await merchant.get(`/v1/suppliers/${supplierId}`)).json<{ warehouse: { id: string } }>();
    const southId = await aWarehouse(merchant, 'South, by the sea');
    await aProduct(merchant, 'VASE');
    const foreignId = await aWarehouse(owner, 'Elsewhere');

    const answer = await send(
      `warehouse,physical_on_hand,sku\n"South, by the sea",1,MUG\n,2,MUG\n${southId},3,VASE\nMain,4,VASE\n` +
        `${southId},5,MUG\nA supplier,6,VASE\n${warehouse.id},7,RUG\n${foreignId},8,RUG\nElsewhere,9,RUG\n`,
      { account: merchant },
    );

    expect(answer.lines.slice(1).map((line) => line.split(',')[3] || 'ok')).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
      'duplicate_in_batch',
      'stock_of_supplier',
      'stock_of_supplier',
      'warehouse_not_found',
      'warehouse_not_found',
    ]);
    const levels = await levelsOf(merchant, 'limit=20');
    expect(
      levels
        .filter((level) => level.physicalOnHand > 0)
        .map((level) => [level.sku, level.warehouseName, level.physicalOnHand])
        .sort(),
    ).toEqual([
      ['MUG', 'Main', 2],
      ['MUG', 'South, by the sea', 1],
      ['VASE', 'Main', 4],
      ['VASE', 'South, by the sea', 3],
    ]);
  });

  it.each([
    ['a byte order mark and lines of Windows', '\uFEFFsku,physical_on_hand\r\nBOWL,11\r\n', 11],
    ['lines of an old Mac, quotes and no end', '"SKU","Physical_On_Hand"\r"BOWL","12"', 12],
    ['spaces around', 'sku , physical_on_hand\n BOWL , 13 \n', 13],
    ['empty lines', '\n\nsku,physical_on_hand\n\nBOWL,14\n\n', 14],
  ])('may have %s', async (_what, file, units) => {
    const answer = await send(file);

    expect(answer.lines.slice(1).map((line) => line.split(',').slice(1, 3))).toEqual([['BOWL', 'ok']]);
    expect(await levelOf(owner, 'BOWL')).toMatchObject({ physicalOnHand: units });
  });

  it('without rows is written at once', async () => {
    expect(await send(setHead)).toMatchObject({ status: 200, lines: [head] });
  });

  it.each([
    '',
    '\n',
    'MUG,7\n',
    'sku;adjust_by\nMUG;7\n',
    'sku\nMUG\n',
    'sku,adjust_by,reason\nMUG,7,count\n',
    'sku,sku\nMUG,7\n',
    'sku,physical_on_hand,warehouse,warehouse\nMUG,7,Main,Main\n',
    '"sku,physical_on_hand\nMUG,7\n',
    `sku,physical_on_hand,${'x'.repeat(100_000)}\nMUG,7\n`,
  ])('without the names of its columns is refused before anything is written (%#)', async (file) => {
    const before = await levelOf(owner, 'MUG');

    const answer = await send(file);

    const isTooLong = file.length > 65_536;
    expect(JSON.parse(answer.text)).toMatchObject(
      isTooLong ? { status: 400, code: 'malformed_request' } : { status: 422, code: 'invalid_request' },
    );
    expect(await levelOf(owner, 'MUG')).toEqual(before);
  });

  it('is taken by this route and by no other', async () => {
    const headers = { authorization: `Bearer ${owner.key}`, 'content-type': 'text/csv' };
    const post = (path: string, type = headers['content-type']) =>
      api.app.inject({
        method: 'POST',
        url: path,
        headers: { ...headers, 'content-type': type },
        payload: `${setHead}MUG,99`,
      });

    expect((await post('/v1/products/batch')).json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect((await post('/v1/stock/batch', 'text/plain')).statusCode).toBe(415);
    const reader = await api.aKeyOf(owner, ['read']);
    expect((await send(`${setHead}MUG,99`, { account: reader })).status).toBe(403);
    expect((await send(`${setHead}MUG,99`, { account: { ...owner, key: 'none' } })).status).toBe(401);
    expect((await send(`${setHead}MUG,99`, { account: await api.anAccount() })).lines[1]).toContain('unknown_sku');
    expect(await levelOf(owner, 'MUG')).toMatchObject({ physicalOnHand: 7 });
  });
});

describe('a file of adjustments', () => {
  it('needs a key, under which it counts once', async () => {
    const { account, skus } = await aCatalogue(api, 2_500);
    const file = adjustHead + rowsOf(skus, (_sku, index) => (index === 1_700 ? '-1,damaged' : '3,received'));

    const without = await sendAdjustments(file, { account });
    const first = await sendAdjustments(file, { account, ...withKey('delivery') });
    const again = await sendAdjustments(file, { account, ...withKey('delivery') });

    expect(JSON.parse(without.text)).toMatchObject({
      status: 422,
      code: 'invalid_request',
      errors: [
        { pointer: 'idempotency-key', detail: 'is missing: an adjustment that is sent again would count again' },
      ],
    });
    expect(first.lines.filter((line) => !line.endsWith(',ok,,'))).toEqual([
      head,
      '1702,BULK-001700,failed,below_zero,"There are 0 units, 1 cannot be taken away."',
    ]);
    expect(again.lines).toEqual(first.lines);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await sumOf(api, account)).toEqual({ rows: 2_499, units: 3 * 2_499 });
  });

  it('counts once, also when it is sent twice at the same time', async () => {
    const { account, skus } = await aCatalogue(api, 1_200);
    const file = adjustHead + rowsOf(skus, () => '3,received');
    const sent = () => sendAdjustments(file, { account, ...withKey('t'.repeat(255)) });

    await Promise.all([sent(), sent()]);
    const last = await sent();

    expect(last.lines.filter((line) => line.endsWith(',ok,,'))).toHaveLength(1_200);
    expect(await sumOf(api, account)).toEqual({ rows: 1_200, units: 3_600 });
  });

  it('that has changed under its key is not written from there on', async () => {
    const { account, skus } = await aCatalogue(api, 2_200);
    const file = (last: string) => adjustHead + rowsOf(skus, (_sku, index) => (index === 2_100 ? last : '3,received'));
    await sendAdjustments(file('3,received'), { account, ...withKey('changed') });

    const later = await sendAdjustments(file('4,received'), { account, ...withKey('changed') });
    const other = await sendAdjustments(`${adjustHead}${skus[0]},9,count\n`, { account, ...withKey('changed') });
    const asJson = await account.post(
      '/v1/stock/adjustments/batch',
      { items: [{ sku: skus[0], adjustBy: 9, reason: 'count' }] },
      { 'idempotency-key': 'changed' },
    );

    expect([later.status, later.lines.length]).toEqual([200, 2_002]);
    expect(later.lines.at(-1)).toBe(
      '2002,,stopped,idempotency_key_reused,This Idempotency-Key was used with another route or body.',
    );
    expect([other.status, asJson.statusCode]).toEqual([422, 422]);
    expect(await sumOf(api, account)).toEqual({ rows: 2_200, units: 6_600 });
  });
});

describe('a file that cannot be read to its end', () => {
  it.each([
    ['a quote that does not close', '"MUG,3', 'malformed_request,The file cannot be read as CSV after row 1101.'],
    ['something after a quote', '"MUG"x,3', 'malformed_request,The file cannot be read as CSV after row 1101.'],
    [
      'a row as long as a book',
      `${'x'.repeat(100_000)},3`,
      'malformed_request,Row 1102 is longer than 65536 characters.',
    ],
    ['a byte that is not UTF-8', 'K\xE4se,1', 'not_utf8,Row 1102 is not UTF-8. It looks like Windows-1252. '],
  ])('is written in whole chunks up to %s', async (_what, row, cause) => {
    const { account, skus } = await aCatalogue(api, 1_300);
    const rows = [skus.slice(0, 1_100), skus.slice(1_100)].map((some) => rowsOf(some, () => '2'));
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${setHead}${rows[0]}${row}\n${rows[1]}`, 'latin1');
    }

    const answer = await upload({ url, account }, file());

    expect([answer.status, answer.lines.length]).toEqual([200, 1_002]);
    expect(answer.lines.at(-1)!.replaceAll('"', '')).toContain(`1002,,stopped,${cause}`);
    expect(await sumOf(api, account)).toEqual({ rows: 1_000, units: 2_000 });
  });

  it('is refused as a whole where no chunk came before', async () => {
    const before = await levelOf(owner, 'MUG');

    const answer = await send(`${setHead}MUG,55\n"CUP"x,3\n`);

    expect(JSON.parse(answer.text)).toMatchObject({
      status: 400,
      code: 'malformed_request',
      detail: 'The file cannot be read as CSV after row 2.',
    });
    expect(await levelOf(owner, 'MUG')).toEqual(before);
  });

  it('is written up to its limit of rows, and its answer says so', async () => {
    const answer = await send(setHead + 'MUG,many\n'.repeat(100_500));

    expect(answer.lines).toHaveLength(100_002);
    expect(answer.lines.at(-1)).toBe('100002,,stopped,payload_too_large,A file has at most 100000 rows.');
  });

  it('is refused for its length, declared or not', async () => {
    const long = `${setHead}${'x'.repeat(21 * 1024 * 1024)}`;
    async function* inParts(): AsyncGenerator<Uint8Array> {
      for (let first = 0; first < long.length; first += 65_536) yield Buffer.from(long.slice(first, first + 65_536));
    }

    const received = await send(long).catch(() => null);
    const notSent = await upload({ url, account: owner }, inParts()).catch(() => null);

    // Who goes on sending after the answer may lose it with the connection.
    for (const answer of [received, notSent]) if (answer) expect(answer).toMatchObject({ status: 413 });
    expect((await send(`${setHead}CUP,1`)).status).toBe(200);
  });

  it('leaves whole chunks when its sender is gone, and takes the rest when it comes again', async () => {
    const { account, skus } = await aCatalogue(api, 2_600);
    const file = setHead + rowsOf(skus, () => '2');
    const cut = setHead.length + 2_500 * `${skus[0]},2\n`.length;
    const sending = httpRequest(`${url}/v1/stock/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.key}`, 'content-type': 'text/csv', 'content-length': file.length },
    });
    const isCut = new Promise((resolve) => sending.once('error', resolve));

    sending.write(file.slice(0, cut));
    await waitUntil(async () => (await sumOf(api, account)).rows === 2_000);
    sending.destroy();
    await isCut;
    // Asked again and again: a chunk that is still being written would show.
    for (let looks = 0; looks < 20; looks += 1) {
      expect(await sumOf(api, account)).toEqual({ rows: 2_000, units: 4_000 });
    }
    const again = await send(file, { account });

    expect(again.lines).toHaveLength(2_601);
    expect(await sumOf(api, account)).toEqual({ rows: 2_600, units: 5_200 });
  });
});
