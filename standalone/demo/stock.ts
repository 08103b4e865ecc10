import { merchantName, soon, suppliedProducts, supplierName, type DemoAccounts } from './accounts.ts';
import {
  dataOf,
  type Client,
  type StockLevel,
  type SyncRequest,
  type Task,
} from '../../clients/typescript/src/index.ts';
import type { DemoShop } from './shop.ts';

type Stage = { stage: string; supplier: StockLevel | undefined; merchant: StockLevel | undefined; inShop: number };

/** Units on hand of each supplied product when the walk begins. */
const counted = 40;
const [shown] = suppliedProducts;

/**
 * Brings the supplier's stock to the shop: set by the supplier, written back to the merchant, then to the shop.
 * @param report gets each stage and what happened
 */
export async function shareStock(
  accounts: DemoAccounts,
  { book, report }: { book: StockBook; report: (stage: string, what: string) => void },
): Promise<void> {
  const { merchant, supplier, channelId, portalId } = accounts;
  await book.note('start');
  const listed = await run(merchant, channelId, 'import_products');
  report('listed', `${listed.counts.created} of the shop's products are new, by Import Products`);
  const mirrored = await run(supplier, portalId, 'import_products');
  report('assigned', `${mirrored.counts.created} of them are new to ${supplierName}; no number has changed anywhere`);
  for (const { supplierSku } of suppliedProducts) {
    await dataOf(supplier.PUT('/v1/stock', { body: { sku: supplierSku, physicalOnHand: counted } }));
  }
  report('counted', `${supplierName} has ${counted} of each`);
  await book.note('counted');
  await book.writeBack();
  report(
    'written back',
    `the shop sells ${await book.inShop()} × ${shown.sku}: Sync on the portal, instant in the shop`,
  );
}

/** The figures of one product at supplier, merchant and shop, stage by stage. */
export type StockBook = ReturnType<typeof openBook>;

export function openBook({ merchant, supplier, channelId, portalId }: DemoAccounts, shop: DemoShop) {
  const stages: Stage[] = [];
  const inShop = () => shop.available(shown.sku);
  const note = async (stage: string) => {
    const [ofSupplier, ofMerchant] = [await levels(supplier, shown.supplierSku), await levels(merchant, shown.sku)];
    stages.push({
      stage,
      supplier: ofSupplier.find(({ version }) => version > 0),
      merchant: ofMerchant.find(({ warehouseName }) => warehouseName === supplierName),
      inShop: await inShop(),
    });
  };
  return {
    inShop,
    note,
    /** Runs Write Inventory Back of the supplier's portal. That of the merchant's shop is instant and follows by itself. */
    async writeBack(): Promise<void> {
      await run(supplier, portalId, 'write_inventory');
      const query = { channelId, needsSync: true } as const;
      const waiting = () => dataOf(merchant.GET('/v1/listings', { params: { query } }));
      await soon(async () => (await waiting()).data.length === 0, 'the shop');
      await note('written back');
    },
    table: () => toTable(stages, `${shop.name} shop`),
  };
}

const levels = async (client: Client, sku: string) =>
  (await dataOf(client.GET('/v1/stock', { params: { query: { sku } } }))).data;

/** Sync, until the run has ended. @throws Error when it did not succeed */
async function run(client: Client, channelId: string, task: SyncRequest['tasks'][number]): Promise<Task> {
  const { tasks } = await dataOf(
    client.POST('/v1/channels/{id}/sync', { params: { path: { id: channelId } }, body: { tasks: [task] } }),
  );
  const ended = await soon(async () => {
    const query = { channelId, limit: 20 };
    const { data } = await dataOf(client.GET('/v1/tasks', { params: { query } }));
    return data.find(({ id, status }) => id === tasks[0]!.id && status !== 'running');
  }, task);
  if (ended.status !== 'succeeded') throw new Error(`${task} ended ${ended.status}: ${ended.cause}`);
  return ended;
}

const groups = [
  { name: supplierName, width: 33 },
  { name: merchantName, width: 38 },
];
const columns = ['on hand', 'committed', 'available', 'reported', 'sold since', 'available', 'sells'];
const widths = [9, 11, 13, 14, 12, 12, 16];

/** `v`: the supplier's stock version. `@`: the applied version at the merchant; `sold since` has the units after it. */
function toTable(stages: readonly Stage[], shopName: string): string {
  const row = (stage: string, cells: readonly string[]) =>
    `  ${stage.padEnd(12)}${cells.map((cell, index) => cell.padStart(widths[index]!)).join('')}`;
  return [
    `  ${''.padEnd(12)}${groups.map(({ name, width }) => name.padStart(width)).join('')}${shopName.padStart(16)}`,
    row('', columns),
    ...stages.map((stage) => row(stage.stage, toCells(stage))),
  ].join('\n');
}

const unknown = ['–', '–', '–'];

function toCells({ supplier, merchant, inShop }: Stage): string[] {
  const counted = supplier && [supplier.physicalOnHand, supplier.committed, versioned(supplier)];
  const isShown = merchant?.appliedVersion !== undefined;
  const shownNow = isShown && [
    `${merchant.physicalOnHand} @${merchant.appliedVersion}`,
    merchant.committed,
    merchant.availableOnHand,
  ];
  return [...(counted ?? unknown), ...(shownNow || unknown), inShop].map(String);
}

const versioned = ({ availableOnHand, version }: StockLevel) => `${availableOnHand} v${version}`;
