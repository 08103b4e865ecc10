import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { dataOf, type NewPrintJob, type PrintJob } from '../../../clients/typescript/src/index.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { findBrand, setBrand } from '../../../db/paper/brands.ts';
import { insertPrintJob } from '../../../db/paper/print-jobs.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { DomainError } from '../../../domain/errors.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aPng } from '../../support/paper/pictures.ts';
import { barcodesOf, onPaper, textOf } from '../../support/paper/pdf.ts';
import { handedOver } from '../../support/trade/cancel-trade.ts';
import { aCompany, aConnection, aProduct, anApiChannel, canary, placeOrder, type Company } from '../../support/trade/trade.ts'; // prettier-ignore
import { aLabelAccount, cheapestLabel, shipsFrom, voidLabel } from '../../support/trade/labels.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

/** Points at which the next activity that passes them fails, as if its worker was killed. */
const killAt = new Set<string>();
/** Points at which the next activity that passes them is refused for good. */
const refuseAt = new Set<string>();
const { world, traded } = aTradingWorld({
  sweepMs: 300,
  crashPoint: (name) => {
    if (killAt.delete(name)) throw new Error(`killed at ${name}`);
    if (refuseAt.delete(name)) throw new DomainError('print_job_too_large', 'More pages than a job may have.');
  },
});

forTheFile(async () => {
  await aLabelAccount(traded.supplier);
  await shipsFrom(traded.supplier);
  return {};
});

const settings = {
  displayName: 'Harbour Goods',
  message: 'Thank you, see you soon.',
  returnAddress: { name: 'Harbour returns', address1: '9 Quay', city: 'Porto', postalCode: '4000', country: 'PT' },
  showPrices: false,
  showSupplier: true,
  language: 'en' as const,
};

async function bytesOf(company: Company, path: string): Promise<Buffer> {
  const answer = await fetch(`${world.url}/v1${path}`, { headers: { authorization: `Bearer ${company.rest.key}` } });
  if (answer.status !== 200) throw new Error(await answer.text());
  return Buffer.from(await answer.arrayBuffer());
}

/** Their sizes in pixels. */
function picturesIn(pdf: Buffer): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'paper-'));
  const path = join(folder, 'paper.pdf');
  writeFileSync(path, pdf);
  const listed = execFileSync('pdfimages', ['-list', path]).toString().trim().split('\n');
  rmSync(folder, { recursive: true });
  return listed.slice(2).map((row) => row.trim().split(/\s+/).slice(3, 5).join(' × '));
}

async function putLogo(company: Company, picture: Buffer): Promise<void> {
  const answer = await fetch(`${world.url}/v1/brand/logo`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${company.rest.key}`, 'content-type': 'image/png' },
    body: new Uint8Array(picture),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
}

const copyAt = (supplier: Company, merchant: Company) =>
  withAccount(world.pool, supplier.id, (db) => findBrand(db, merchant.id));

const jobOf = ({ rest }: Company, id: string): Promise<PrintJob> =>
  dataOf(rest.api.GET('/v1/print-jobs/{id}', { params: { path: { id } } }));
const ended = (company: Company, id: string): Promise<PrintJob> =>
  waitUntil(
    async () => {
      const job = await jobOf(company, id);
      return job.status !== 'running' && job;
    },
    { timeoutMs: 60_000, what: 'the end of a print job' },
  );
async function printed(company: Company, body: NewPrintJob): Promise<PrintJob> {
  const { id } = await dataOf(company.rest.api.POST('/v1/print-jobs', { body }));
  return ended(company, id);
}

/** A company with orders of its own. */
async function aShop(count: number) {
  const shop = await aCompany(world);
  const [channelId, sku] = [await anApiChannel(shop), await aProduct(shop)];
  const orders = [];
  for (let made = 0; made < count; made += 1)
    orders.push(await placeOrder(shop, { channelId, lines: [{ sku, quantity: 2 }] }));
  return { shop, orders, sku };
}

onPaper('on paper', () => {
  it('a merchant’s brand is on the slips of its supplier, which are those that the merchant is shown', async () => {
    const { merchant, supplier } = traded;
    await dataOf(merchant.rest.api.PUT('/v1/brand', { body: settings }));
    await putLogo(merchant, aPng(60, 30));
    const { orderId, supplierOrderId, seen } = await handedOver(traded, 3);
    const [order] = await seen();
    await waitUntil(async () => (await copyAt(supplier, merchant))?.logoId);

    const job = await printed(supplier, { orderIds: [supplierOrderId], documents: ['packing_slip'], paper: 'a4', sort: 'number' }); // prettier-ignore

    expect(job).toMatchObject({ status: 'done', pages: 1, failures: [], cause: null });
    const pdf = await bytesOf(supplier, `/documents/${job.documentId}`);
    expect(picturesIn(pdf)).toEqual(['60 × 30']);
    const text = textOf(pdf, 1);
    for (const shown of [settings.displayName, settings.message, '9 Quay', canary.name, order.number, supplier.name])
      expect(text).toContain(shown);
    expect(text).not.toContain(merchant.name);
    const preview = textOf(await bytesOf(merchant, `/orders/${orderId}/packing-slip?paper=a4`), 1);
    expect(preview).toBe(text);
    const { printedAt } = await dataOf(supplier.rest.api.GET('/v1/orders/{id}', { params: { path: { id: supplierOrderId } } })); // prettier-ignore
    expect(printedAt).not.toBeNull();
  });

  it('a print job is one PDF, with the pick list in front', async () => {
    const { shop, orders, sku } = await aShop(3);

    const job = await printed(shop, { filter: { side: 'selling' }, documents: ['packing_slip', 'pick_list'], paper: '4x6', sort: 'number' }); // prettier-ignore

    expect(job).toMatchObject({ status: 'done', pages: 4, failures: [] });
    const pdf = await bytesOf(shop, `/documents/${job.documentId}`);
    const pages = [1, 2, 3, 4].map((page) => textOf(pdf, page));
    expect(pages[0]).toContain(sku);
    expect(pages[0]).toMatch(/\b6\b/);
    const numbers = orders.map(({ number }) => number).sort(new Intl.Collator('en', { numeric: true }).compare);
    expect(pages.slice(1, 4).map((page) => numbers.find((number) => page.includes(number)))).toEqual(numbers);
  });

  it('a logo whose header is right and whose picture is not is left out', async () => {
    const { shop, orders } = await aShop(1);
    const broken = aPng(200, 100);
    broken.fill(0xff, broken.indexOf('IDAT') + 4, broken.indexOf('IDAT') + 12);
    await putLogo(shop, broken);

    const job = await printed(shop, { orderIds: [orders[0]!.id], documents: ['packing_slip'], paper: '4x6', sort: 'number' }); // prettier-ignore

    expect(job).toMatchObject({ status: 'done', pages: 1, failures: [] });
    const pdf = await bytesOf(shop, `/documents/${job.documentId}`);
    expect(picturesIn(pdf)).toEqual([]);
    expect(textOf(pdf, 1)).toContain(orders[0]!.number);
  });

  it('labels come with the slips of their parcels, each scanned as its tracking, and not a second time', async () => {
    const { supplier } = traded;
    const { supplierOrderId, supplierLineId } = await handedOver(traded, 5);
    const buy = (quantity: number) =>
      cheapestLabel(supplier, supplierOrderId, { lines: [{ lineId: supplierLineId, quantity }] });
    const body: NewPrintJob = { orderIds: [supplierOrderId], documents: ['label', 'packing_slip'], paper: '4x6', sort: 'number' }; // prettier-ignore

    const first = await buy(3);
    const one = await printed(supplier, body);
    const second = await buy(2);
    const other = await printed(supplier, body);
    const both = await printed(supplier, { ...body, documents: ['label'] });

    expect([one, other, both].map(({ pages, failures }) => [pages, failures])).toEqual([[2, []], [2, []], [2, []]]); // prettier-ignore
    const pdfs = await Promise.all(
      [one, other, both].map(({ documentId }) => bytesOf(supplier, `/documents/${documentId}`)),
    );
    const codes = pdfs.map((pdf) => [barcodesOf(pdf, 1), barcodesOf(pdf, 2)]);
    expect(codes.map(([label]) => label)).toEqual([
      [first.trackingNumber],
      [second.trackingNumber],
      [first.trackingNumber],
    ]);
    expect(codes[2]![1]).toEqual([second.trackingNumber]);
    expect(textOf(pdfs[0]!, 2)).toMatch(/^3$/m);
    expect(textOf(pdfs[0]!, 2)).toMatch(/2 to/);
    const { data } = await dataOf(
      supplier.rest.api.GET('/v1/orders/{id}/events', { params: { path: { id: supplierOrderId } } }),
    );
    const printedLabels = data
      .filter(({ type }) => type === 'label_printed')
      .map(({ data: facts }) => facts['labelId']);
    expect(printedLabels.reverse()).toEqual([first.id, second.id, first.id, second.id]);
  });
});

describe('a merchant’s brand', () => {
  it('is with a new supplier once the connection is set up', async () => {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    await dataOf(merchant.rest.api.PUT('/v1/brand', { body: settings }));

    await aConnection(world, merchant, supplier);

    expect(await copyAt(supplier, merchant)).toMatchObject(settings);
  });

  it('is copied by the sweep where the start was lost, and after a kill between bytes and row', async () => {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    await aConnection(world, merchant, supplier);
    killAt.add('brand.logo-copied');

    await withAccount(world.pool, merchant.id, (db) => setBrand(db, settings));

    await waitUntil(() => copyAt(supplier, merchant), { timeoutMs: 30_000 });
    expect(killAt.size).toBe(0);
  });

  it('is with the supplier in its last version, however fast it changes', async () => {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    await aConnection(world, merchant, supplier);

    for (let version = 1; version <= 8; version += 1)
      await dataOf(merchant.rest.api.PUT('/v1/brand', { body: { ...settings, message: `Version ${version}` } }));

    const isLast = async () => (await copyAt(supplier, merchant))?.message === 'Version 8';
    await waitUntil(isLast, { timeoutMs: 4_000, what: 'the last version, without the sweep' });
  });
});

describe('a print job', () => {
  it.each(['print-job.rendered', 'print-job.bytes-stored', 'print-job.committed'])(
    'is made once though its worker is killed at %s',
    async (point) => {
      const { shop, orders } = await aShop(1);
      killAt.add(point);

      const job = await printed(shop, { orderIds: [orders[0]!.id], documents: ['packing_slip'], paper: '4x6', sort: 'number' }); // prettier-ignore

      expect(killAt.size).toBe(0);
      expect(job).toMatchObject({ status: 'done', pages: 1 });
      const documents = await withAccount(world.pool, shop.id, (db) => db('documents').where({ kind: 'print_job' }).select('id')); // prettier-ignore
      expect(documents).toEqual([{ id: job.documentId }]);
    },
  );

  it('is started by the sweep where a crash left it unstarted', async () => {
    const { shop, orders } = await aShop(1);

    const { id } = await withAccount(world.pool, shop.id, (db) =>
      insertPrintJob(db, {
        orderIds: [orders[0]!.id],
        documents: ['packing_slip'],
        paper: '4x6',
        sort: 'number',
        actor: { kind: 'account', id: 'key_1' },
      }),
    );

    expect(await ended(shop, id)).toMatchObject({ status: 'done', pages: 1 });
  });

  it('of nothing that can be printed fails, and says why', async () => {
    const { shop } = await aShop(0);

    const job = await printed(shop, { orderIds: ['ord_unknown'], documents: ['packing_slip'], paper: '4x6', sort: 'number' }); // prettier-ignore

    expect(job).toMatchObject({
      status: 'failed',
      cause: 'nothing_to_print',
      documentId: null,
      failures: [{ orderId: 'ord_unknown', document: null, code: 'order_not_found' }],
    });
  });

  it('that is refused on its way fails at once, with the code', async () => {
    const { shop, orders } = await aShop(1);
    refuseAt.add('print-job.rendered');

    const job = await printed(shop, { orderIds: [orders[0]!.id], documents: ['packing_slip'], paper: '4x6', sort: 'number' }); // prettier-ignore

    expect(job).toMatchObject({ status: 'failed', cause: 'print_job_too_large', pages: null, documentId: null });
    const { printedAt } = await dataOf(shop.rest.api.GET('/v1/orders/{id}', { params: { path: { id: orders[0]!.id } } })); // prettier-ignore
    expect(printedAt).toBeNull();
  });

  it('leaves ids alone in its history', async () => {
    const { shop, orders } = await aShop(1);
    const { id } = await printed(shop, { orderIds: [orders[0]!.id], documents: ['packing_slip'], paper: '4x6', sort: 'number' }); // prettier-ignore

    const history = historyToJSON(await world.client.workflow.getHandle(`print_job/${id}`).fetchHistory());

    expect(history).toContain(Buffer.from(JSON.stringify({ printJobId: id })).toString('base64'));
    const payloads = [...history.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64').toString()); // prettier-ignore
    expect(payloads.length).toBeGreaterThan(0);
    for (const personal of [canary.name, canary.address1, canary.email, 'Harbour', orders[0]!.number])
      expect(payloads.join('\n')).not.toContain(personal);
  });
});

describe('a print job of labels', () => {
  it('has none that is void', async () => {
    const { supplier } = traded;
    const { supplierOrderId } = await handedOver(traded, 1);
    const { id } = await cheapestLabel(supplier, supplierOrderId);
    await voidLabel(supplier, id);

    const job = await printed(supplier, { orderIds: [supplierOrderId], documents: ['label'], paper: '4x6', sort: 'number' }); // prettier-ignore

    expect(job).toMatchObject({ status: 'failed', failures: [{ code: 'label_not_bought' }] });
  });
});

describe('the packing slip of one order', () => {
  it('is refused with the code of its cause', async () => {
    const { shop, orders } = await aShop(1);
    await shop.rest.post(`/orders/${orders[0]!.id}/cancel`, { reason: 'fraud' });

    await expect(bytesOf(shop, `/orders/${orders[0]!.id}/packing-slip`)).rejects.toThrow('nothing_to_print');
  });

  it('of the same order on the same day has the same bytes', async () => {
    const { shop, orders } = await aShop(1);

    const [first, second] = [
      await bytesOf(shop, `/orders/${orders[0]!.id}/packing-slip`),
      await bytesOf(shop, `/orders/${orders[0]!.id}/packing-slip`),
    ];

    expect(first.equals(second)).toBe(true);
  });
});
