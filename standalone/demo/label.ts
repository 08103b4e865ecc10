import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataOf, type Client, type components } from '../../clients/typescript/src/index.ts';
import { soon } from './accounts.ts';

export type Label = components['schemas']['Label'];

const parcel = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
const shipFrom = {
  name: 'Summit Supply',
  address1: '400 Summit Road',
  city: 'Denver',
  province: 'CO',
  postalCode: '80202',
  country: 'US',
};

/**
 * Ships an order with a label of the built-in provider: it costs nothing, is marked SAMPLE, and no carrier takes it.
 * @returns the label, whose shipment is recorded
 */
export async function shipWithLabel(supplier: Client, orderId: string): Promise<Label> {
  await setUpLabels(supplier);
  const path = { id: orderId };
  const { quotes } = await dataOf(supplier.POST('/v1/orders/{id}/rates', { params: { path }, body: { parcel } }));
  const bought = await dataOf(
    supplier.POST('/v1/orders/{id}/labels', {
      params: { path, header: { 'idempotency-key': `demo-label-${orderId}` } },
      body: { quoteId: quotes[0]!.id },
    }),
  );
  return soon(async () => {
    const label = await dataOf(supplier.GET('/v1/labels/{id}', { params: { path: { id: bought.id } } }));
    return label.status === 'recorded' && label;
  }, 'the label');
}

/** A label account, and an address to ship from. Both are there already after the first demo in a folder. */
async function setUpLabels(supplier: Client): Promise<void> {
  const { data: accounts } = await dataOf(supplier.GET('/v1/label-accounts'));
  if (accounts.length === 0) {
    await dataOf(supplier.POST('/v1/label-accounts', { body: { provider: 'test', name: 'Sample labels' } }));
  }
  const { data: warehouses } = await dataOf(supplier.GET('/v1/warehouses'));
  const own = warehouses.find(({ supplierId }) => supplierId === null)!;
  if (own.address !== null) return;
  const body = { address: shipFrom };
  await dataOf(supplier.PATCH('/v1/warehouses/{id}', { params: { path: { id: own.id } }, body }));
}

/** Saves the label and the packing slip as PDF. @returns their paths */
export async function savePaper(supplier: Client, label: Label, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const parseAs = 'arrayBuffer';
  const pages = {
    'label.pdf': await dataOf(
      supplier.GET('/v1/documents/{id}', {
        params: { path: { id: label.documentId! }, query: { format: 'pdf' } },
        parseAs,
      }),
    ),
    'packing-slip.pdf': await dataOf(
      supplier.GET('/v1/orders/{id}/packing-slip', {
        params: { path: { id: label.orderId }, query: { paper: '4x6' } },
        parseAs,
      }),
    ),
  };
  return Object.entries(pages).map(([name, bytes]) => {
    const path = join(folder, name);
    writeFileSync(path, new Uint8Array(bytes));
    return path;
  });
}
