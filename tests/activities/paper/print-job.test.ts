import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPrintJobActivities } from '../../../activities/paper/print-job.ts';
import type { Deps } from '../../../activities/deps.ts';
import type { Sheet } from '../../../activities/paper/job.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import { storeBytes, storeDocument } from '../../../db/documents/documents.ts';
import { readDocument } from '../../../db/documents/reading.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { readInAccount, withAccount } from '../../../db/engine/with-account.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { setBrand, storeBrandCopy } from '../../../db/paper/brands.ts';
import { replaceLogo } from '../../../db/paper/logos.ts';
import { failPrintJob, insertPrintJob, requirePrintJob } from '../../../db/paper/print-jobs.ts';
import type { PickOrder, Printable } from '../../../domain/paper/paper.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aPng } from '../../support/paper/pictures.ts';
import { aRenderer, type FakeRenderer } from '../../support/fakes/renderer.ts';
import { aMerchant, anImportedDropship, anIncomingOrder, aSku, storeOrderFor, type Merchant } from '../../support/trade/database-trade.ts'; // prettier-ignore

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const actor = { kind: 'account', id: 'key_packer' } as const;
let renderer: FakeRenderer;
let passed: string[];
let crashAt: string | undefined;
beforeEach(() => {
  renderer = aRenderer();
  passed = [];
  crashAt = undefined;
});

/** A run of the activity; it fails at `crashAt`, as a killed worker would. */
const make = (printJobId: string) => {
  const crashPoint = (name: string) => {
    passed.push(name);
    if (name === crashAt) throw new Error(`killed at ${name}`);
  };
  const deps = { pool, documents: inPostgres, crashPoint } as unknown as Deps;
  return createPrintJobActivities(deps, renderer.render).makePrintJob({ printJobId });
};

const inAccount = <T>(accountId: string, work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, accountId, work); // prettier-ignore

type Wish = { orderIds: string[]; documents: Printable[]; sort?: PickOrder };
async function printed(accountId: string, { orderIds, documents, sort = 'number' }: Wish) {
  const { id } = await inAccount(accountId, (db) =>
    insertPrintJob(db, { orderIds, documents, paper: 'a4', sort, actor }),
  );
  await make(id);
  return inAccount(accountId, (db) => requirePrintJob(db, id));
}

/** An in-house order of one line, with a bin for its product. */
async function anOwnOrder(merchant: Merchant, number: string, { quantity = 5, bin = null as string | null } = {}) {
  const sku = await aSku(pool, merchant.accountId);
  const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity }], { number }));
  await inAccount(merchant.accountId, (db) => db('products').where({ sku }).update({ bin }));
  const { lines } = await inAccount(merchant.accountId, (db) => requireOrder(db, orderId));
  return { orderId, sku, lineId: lines[0]!.lineId };
}

type LabelWish = { orderId: string; lineId: string; quantity: number; status?: string; isReturn?: boolean; lentTo?: string }; // prettier-ignore
/** A label as a purchase leaves it, with its picture. */
async function aLabel(accountId: string, wish: LabelWish): Promise<{ labelId: string; picture: Buffer }> {
  const labelId = newId('label');
  const picture = aPng(4, 6 + Number(wish.quantity));
  const bytes = await storeBytes(inPostgres, accountId, { kind: 'label', bytes: picture });
  await inAccount(accountId, async (db) => {
    const { orderId, lineId, quantity, status = 'recorded', isReturn = false, lentTo = null } = wish;
    const documentId = await storeDocument(db, inPostgres, { bytes, mediaType: 'image/png', orderId, labelId });
    await db('labels').insert({
      account_id: accountId,
      id: labelId,
      order_id: orderId,
      label_account_id: 'lacc_1',
      payer: 'account',
      lent_to: lentTo,
      is_return: isReturn,
      status,
      content: JSON.stringify({ lines: [{ lineId, quantity }] }),
      document_id: documentId,
      actor_kind: 'account',
      actor_id: 'key_1',
    });
    if (status === 'recorded') await db('order_lines').where({ id: lineId }).increment('shipped', quantity);
  });
  return { labelId, picture };
}

const inShort = (sheet: Sheet): unknown[] =>
  sheet.kind === 'packing_slip'
    ? ['slip', sheet.slip.number, sheet.slip.lines.map(({ here, toCome }) => [here, toCome])]
    : sheet.kind === 'label'
      ? ['label', sheet.orderId]
      : ['pick_list', sheet.list.picks.map(({ bin, units }) => [bin, units])];
const sheets = () => renderer.jobs.at(-1)!.sheets.map(inShort);
const printedAt = async (accountId: string, id: string) =>
  (await inAccount(accountId, (db) => requireOrder(db, id))).printedAt;
const printEvents = async (accountId: string, id: string) =>
  (await inAccount(accountId, (db) => listOrderEvents(db, id, { limit: 50 }))).data.filter(
    ({ type }) => type === 'label_printed',
  );

describe('a print job', () => {
  it('has the pick list, then the slips as one walks, and its PDF as a document', async () => {
    const merchant = await aMerchant(pool);
    const far = await anOwnOrder(merchant, '1001', { bin: 'B-10' });
    const near = await anOwnOrder(merchant, '1002', { bin: 'B-9', quantity: 2 });

    const job = await printed(merchant.accountId, { orderIds: [far.orderId, near.orderId], documents: ['packing_slip', 'pick_list'], sort: 'bin' }); // prettier-ignore

    expect(sheets()).toEqual([
      ['pick_list', [['B-9', 2], ['B-10', 5]]],
      ['slip', '1002', [[2, 0]]],
      ['slip', '1001', [[5, 0]]],
    ]); // prettier-ignore
    expect(renderer.jobs.at(-1)).toMatchObject({ paper: 'a4', today: job.createdAt });
    expect(job).toMatchObject({ status: 'done', pages: 3, failures: [], cause: null, finishedAt: expect.any(String) });
    const from = { pool, store: inPostgres, accountId: merchant.accountId };
    const document = await readDocument(from, job.documentId!);
    expect(document).toMatchObject({ kind: 'print_job', mediaType: 'application/pdf' });
    expect(document.bytes.toString()).toMatch(/^%PDF a4 [\s\S]*packing_slip ord_/);
    expect(await printedAt(merchant.accountId, far.orderId)).not.toBeNull();
  });

  it('has each label with the slip of its parcel behind it, and says so on the timeline', async () => {
    const merchant = await aMerchant(pool);
    const { orderId, lineId } = await anOwnOrder(merchant, '1001');
    const first = await aLabel(merchant.accountId, { orderId, lineId, quantity: 3 });
    const second = await aLabel(merchant.accountId, { orderId, lineId, quantity: 1, status: 'bought' });

    await printed(merchant.accountId, { orderIds: [orderId], documents: ['label', 'packing_slip', 'pick_list'] });

    expect(sheets()).toEqual([
      ['pick_list', [[null, 4]]],
      ['label', orderId],
      ['slip', '1001', [[3, 2]]],
      ['label', orderId],
      ['slip', '1001', [[1, 1]]],
    ]); // prettier-ignore
    const pictures = renderer.jobs[0]!.sheets.flatMap((sheet) =>
      sheet.kind === 'label' ? [Buffer.from(sheet.image)] : [],
    );
    expect(pictures.map((picture) => picture.equals(first.picture) || picture.equals(second.picture))).toEqual([true, true]); // prettier-ignore
    const events = await printEvents(merchant.accountId, orderId);
    expect(events.map(({ actor: who, data }) => [who.id, data['labelId']]).sort()).toEqual(
      [first, second].map(({ labelId }) => ['key_packer', labelId]).sort(),
    );
  });

  it('prints a second label alone, and both where both were printed', async () => {
    const merchant = await aMerchant(pool);
    const { orderId, lineId } = await anOwnOrder(merchant, '1001');
    await aLabel(merchant.accountId, { orderId, lineId, quantity: 3 });
    await printed(merchant.accountId, { orderIds: [orderId], documents: ['label'] });
    await aLabel(merchant.accountId, { orderId, lineId, quantity: 2 });

    await printed(merchant.accountId, { orderIds: [orderId], documents: ['label'] });
    await printed(merchant.accountId, { orderIds: [orderId], documents: ['label'] });

    expect(renderer.jobs.map((job) => job.sheets.length)).toEqual([1, 1, 2]);
  });

  it.each(['document_not_found', 'not_readable'])('notes and picks a label beside one left out: %s', async (code) => {
    const merchant = await aMerchant(pool);
    const { orderId, lineId } = await anOwnOrder(merchant, '1001');
    const first = await aLabel(merchant.accountId, { orderId, lineId, quantity: 3 });
    const second = await aLabel(merchant.accountId, { orderId, lineId, quantity: 2 });
    if (code === 'document_not_found')
      await inAccount(merchant.accountId, (db) => db('labels').where({ id: second.labelId }).update({ document_id: null })); // prettier-ignore
    renderer = aRenderer((sheet) => sheet.kind === 'label' && sheet.labelId === second.labelId);

    const job = await printed(merchant.accountId, { orderIds: [orderId], documents: ['label', 'packing_slip', 'pick_list'] }); // prettier-ignore

    expect(job).toMatchObject({ status: 'done', pages: 3, failures: [{ orderId, document: 'label', code }] });
    expect(sheets()).toEqual([['pick_list', [[null, 3]]], ['label', orderId], ['slip', '1001', [[3, 0]]]]); // prettier-ignore
    const events = await printEvents(merchant.accountId, orderId);
    expect(events.map(({ data }) => data['labelId'])).toEqual([first.labelId]);
  });

  it('has no slip of a label that cannot be printed', async () => {
    const merchant = await aMerchant(pool);
    const { orderId, lineId } = await anOwnOrder(merchant, '1001');
    await aLabel(merchant.accountId, { orderId, lineId, quantity: 5 });
    renderer = aRenderer((sheet) => sheet.kind === 'label');

    const job = await printed(merchant.accountId, { orderIds: [orderId], documents: ['label', 'packing_slip'] });

    expect(job).toMatchObject({ status: 'failed', cause: 'nothing_to_print' });
    expect(job.failures).toEqual([{ orderId, document: 'label', code: 'not_readable' }]);
    expect(await printedAt(merchant.accountId, orderId)).toBeNull();
  });

  it('has no label that is void, of a return, or of the supplier that it is lent to', async () => {
    const merchant = await aMerchant(pool);
    const { orderId, lineId } = await anOwnOrder(merchant, '1001');
    for (const change of [
      { status: 'voided' },
      { status: 'void_requested' },
      { status: 'requested' },
      { isReturn: true },
      { lentTo: 'sup_1' },
    ])
      // prettier-ignore
      await aLabel(merchant.accountId, { orderId, lineId, quantity: 1, ...change });

    const job = await printed(merchant.accountId, { orderIds: [orderId], documents: ['label', 'packing_slip'] });

    expect(job).toMatchObject({
      status: 'failed',
      cause: 'nothing_to_print',
      failures: [{ orderId, document: null, code: 'label_not_bought' }],
    });
  });

  it('leaves bad orders out, names them, and prints and picks the others', async () => {
    const {
      supplier,
      merchant,
      supplierOrderId,
      orderId: dropshipped,
    } = await anImportedDropship(pool, { quantity: 5 });
    const own = await anOwnOrder(merchant, '1002');
    const unreadable = await anOwnOrder(merchant, '1003');
    renderer = aRenderer((sheet) => sheet.kind === 'packing_slip' && sheet.slip.orderId === unreadable.orderId);
    const asked = ['ord_unknown', supplierOrderId, dropshipped, unreadable.orderId, own.orderId];

    const job = await printed(merchant.accountId, { orderIds: asked, documents: ['packing_slip', 'pick_list'] }); // prettier-ignore

    expect(job).toMatchObject({ status: 'done', pages: 2 });
    expect(sheets()).toEqual([['pick_list', [[null, 5]]], ['slip', '1002', [[5, 0]]]]); // prettier-ignore
    expect(job.failures).toEqual([
      { orderId: 'ord_unknown', document: null, code: 'order_not_found' },
      { orderId: supplierOrderId, document: null, code: 'order_not_found' },
      { orderId: dropshipped, document: null, code: 'order_dropshipped' },
      { orderId: unreadable.orderId, document: 'packing_slip', code: 'not_readable' },
    ]);
    expect(await printedAt(merchant.accountId, own.orderId)).not.toBeNull();
    expect(await printedAt(merchant.accountId, unreadable.orderId)).toBeNull();
    expect(await printedAt(supplier.accountId, supplierOrderId)).toBeNull();
  });

  it('has the brand of each merchant: its name, words, logo, and prices only where it shows them', async () => {
    const { supplier, merchant, supplierOrderId } = await anImportedDropship(pool, { quantity: 5 });
    const brand = { displayName: 'Harbour', message: 'Thanks', returnAddress: null, showPrices: false, showSupplier: true, language: 'de' as const }; // prettier-ignore
    const slip = async () => {
      await printed(supplier.accountId, { orderIds: [supplierOrderId], documents: ['packing_slip'] });
      const [sheet] = renderer.jobs.at(-1)!.sheets;
      return sheet?.kind === 'packing_slip' ? sheet.slip : undefined;
    };
    const account = await inAccount(supplier.accountId, (db) => db('accounts').first('name'));

    const plain = await slip();
    const copy = { ...brand, merchantAccountId: merchant.accountId, logoId: null, updatedAt: null };
    await inAccount(supplier.accountId, (db) => storeBrandCopy(db, { ...copy, revision: 1 }));
    const branded = await slip();
    await inAccount(supplier.accountId, (db) => storeBrandCopy(db, { ...copy, showPrices: true, showSupplier: false, revision: 2 })); // prettier-ignore
    const priced = await slip();

    expect(plain).toMatchObject({
      brand: { displayName: 'Merchant', message: null, language: 'en' },
      supplierName: null,
    });
    expect(branded).toMatchObject({ brand: { displayName: 'Harbour', message: 'Thanks', language: 'de' } });
    expect(branded).toMatchObject({ supplierName: account!.name, hasPrices: false, lines: [{ unitPriceMinor: null }] });
    expect(priced).toMatchObject({ supplierName: null, hasPrices: true, lines: [{ unitPriceMinor: 1_999 }] });
    expect(JSON.stringify(priced)).not.toMatch(/cost/i);
  });

  it('prints slips without a logo that turns out to be broken', async () => {
    const merchant = await aMerchant(pool);
    const { orderId } = await anOwnOrder(merchant, '1001');
    const bytes = await storeBytes(inPostgres, merchant.accountId, { kind: 'logo', bytes: aPng(3, 3) });
    await inAccount(merchant.accountId, (db) => replaceLogo(db, inPostgres, { bytes, mediaType: 'image/png' }));
    renderer = aRenderer((sheet) => sheet.kind === 'packing_slip' && sheet.slip.logo !== null);

    const job = await printed(merchant.accountId, { orderIds: [orderId], documents: ['packing_slip'] });

    const last = renderer.jobs.at(-1)!.sheets[0]!;
    expect(last).toMatchObject({ slip: { orderId, logo: null } });
    expect(job).toMatchObject({ status: 'done', pages: 1, failures: [] });
  });

  it('that has failed meanwhile stays failed, and its orders are not printed', async () => {
    const merchant = await aMerchant(pool);
    const { orderId } = await anOwnOrder(merchant, '1001');
    const { render } = renderer;
    // Another worker has taken over the job and given it up.
    renderer.render = async (given) => {
      const [row] = await readInAccount(pool, merchant.accountId, (db) => db('print_jobs').select('id'));
      await inAccount(merchant.accountId, (db) => failPrintJob(db, row!.id, { cause: 'no_answer' }));
      return render(given);
    };

    const job = await printed(merchant.accountId, { orderIds: [orderId], documents: ['packing_slip'] });

    expect(job).toMatchObject({ status: 'failed', cause: 'no_answer', documentId: null });
    expect(await printedAt(merchant.accountId, orderId)).toBeNull();
  });

  it.each(['print-job.rendered', 'print-job.bytes-stored', 'print-job.committed'])(
    'that was killed at %s is made once by the next try',
    async (point) => {
      const merchant = await aMerchant(pool);
      const { orderId, lineId } = await anOwnOrder(merchant, '1001');
      await aLabel(merchant.accountId, { orderId, lineId, quantity: 5 });
      const { id } = await inAccount(merchant.accountId, (db) =>
        insertPrintJob(db, {
          orderIds: [orderId],
          documents: ['label', 'packing_slip'],
          paper: '4x6',
          sort: 'sku',
          actor,
        }),
      );
      crashAt = point;
      await expect(make(id)).rejects.toThrow(`killed at ${point}`);
      crashAt = undefined;

      await make(id);
      await make(id);

      const rows = await readInAccount(pool, merchant.accountId, (db) => db('documents').where({ kind: 'print_job' }).select('id')); // prettier-ignore
      const job = await inAccount(merchant.accountId, (db) => requirePrintJob(db, id));
      expect(job).toMatchObject({ status: 'done', documentId: rows[0]!.id, pages: 2 });
      expect(rows).toHaveLength(1);
      expect(await printEvents(merchant.accountId, orderId)).toHaveLength(1);
      expect(renderer.jobs).toHaveLength(point === 'print-job.committed' ? 1 : 2);
    },
  );
});

it('an own brand is on in-house slips', async () => {
  const merchant = await aMerchant(pool);
  const { orderId } = await anOwnOrder(merchant, '1001');
  const brand = { displayName: 'Harbour', message: null, returnAddress: null, showPrices: true, showSupplier: true, language: 'ja' as const }; // prettier-ignore
  await inAccount(merchant.accountId, (db) => setBrand(db, brand));

  await printed(merchant.accountId, { orderIds: [orderId], documents: ['packing_slip', 'pick_list'] });

  const [list, sheet] = renderer.jobs.at(-1)!.sheets;
  expect(list).toMatchObject({ list: { language: 'ja' } });
  expect(sheet).toMatchObject({ slip: { brand: { displayName: 'Harbour' }, supplierName: null, hasPrices: true } });
});
