import { merchantName, soon, suppliedProducts, supplierName, type DemoAccounts } from './accounts.ts';
import type { Rest } from '../rest.ts';
import type { VendureShop } from './vendure-shop.ts';

type Level = {
  warehouseName: string;
  physicalOnHand: number;
  committed: number;
  availableOnHand: number;
  appliedVersion?: number;
  version: number;
};
type Task = { id: string; status: string; cause: string | null; counts: { created: number } };
type Stage = { stage: string; supplier: Level | undefined; merchant: Level | undefined; inShop: number };

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
    await supplier.put('/stock', { sku: supplierSku, physicalOnHand: counted });
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

export function openBook({ merchant, supplier, channelId, portalId }: DemoAccounts, shop: VendureShop) {
  const stages: Stage[] = [];
  const inShop = async () => (await shop.stockOf(shown.sku)).available;
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
      const waiting = `/listings?channelId=${channelId}&needsSync=true`;
      await soon(async () => (await merchant.get<{ data: unknown[] }>(waiting)).data.length === 0, 'the shop');
      await note('written back');
    },
    table: () => toTable(stages),
  };
}

const levels = async (rest: Rest, sku: string) => (await rest.get<{ data: Level[] }>(`/stock?sku=${sku}`)).data;

/** Runs a task by Sync and waits for its end. @throws Error when it did not succeed */
async function run(rest: Rest, channelId: string, task: string): Promise<Task> {
  const path = `/channels/${channelId}/sync`;
  const { tasks } = await rest.post<{ tasks: [Task] }>(path, { tasks: [task] });
  const ended = await soon(async () => {
    const { data } = await rest.get<{ data: Task[] }>(`/tasks?channelId=${channelId}&limit=20`);
    return data.find(({ id, status }) => id === tasks[0].id && status !== 'running');
  }, task);
  if (ended.status !== 'succeeded') throw new Error(`${task} ended ${ended.status}: ${ended.cause}`);
  return ended;
}

const groups = [
  { name: supplierName, width: 33 },
  { name: merchantName, width: 38 },
  { name: 'Vendure shop', width: 16 },
];
const columns = ['on hand', 'committed', 'available', 'reported', 'sold since', 'available', 'sells'];
const widths = [9, 11, 13, 14, 12, 12, 16];

/** `v`: the supplier's stock version. `@`: the applied version at the merchant; `sold since` has the units after it. */
function toTable(stages: readonly Stage[]): string {
  const row = (stage: string, cells: readonly string[]) =>
    `  ${stage.padEnd(12)}${cells.map((cell, index) => cell.padStart(widths[index]!)).join('')}`;
  return [
    `  ${''.padEnd(12)}${groups.map(({ name, width }) => name.padStart(width)).join('')}`,
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

const versioned = ({ availableOnHand, version }: Level) => `${availableOnHand} v${version}`;
