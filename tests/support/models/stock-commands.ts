import { randomBytes } from 'node:crypto';
import * as hands from './stock-hands.ts';
import {
  faultsOf,
  home,
  routed,
  openAtSupplier,
  pairsBehind,
  type Dropship,
  type Line,
  type Model,
  type ModelShipment,
  type Reading,
} from './stock-model.ts';
import {
  both,
  change,
  free,
  give,
  givenKey,
  moveTo,
  openUnits,
  putBack,
  release,
  reserve,
  shelfOf,
  takeAway,
  send,
  notSent,
  type Index,
} from './stock-truth.ts';
import {
  merchantName,
  readStock,
  setStock,
  supplierName,
  writeStock,
  type AccountName,
  type Cell,
  type Kind,
  type Pair,
  type StockWorld,
} from './stock-world.ts';

/** Each command changes the service, then the model of the truth. */

export type Run = { model: Model; world: StockWorld };
/** @throws Error naming all differences */
export async function verify({ model, world }: Run): Promise<void> {
  const faults = faultsOf(model, await world.look(Object.values(model.skus)));
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

const shelfAt = ({ model }: Run, supplier: Index, sku: string) => shelfOf(model.truth, supplierName(supplier), sku);
const shelfHere = ({ model }: Run, merchant: Index, sku: string) => shelfOf(model.truth, merchantName(merchant), sku);

/** The state after `countAll`. */
export function noteCounted({ truth, skus }: Model, units: number): void {
  for (const sku of Object.values(skus)) {
    for (const supplier of both) {
      const shelf = shelfOf(truth, supplierName(supplier), sku);
      change(shelf, 'outside', () => (shelf.onHand = units));
      const figure = { at: shelf.changes.length, free: units };
      for (const merchant of both) give(truth, givenKey(merchant, supplier, sku), figure);
    }
  }
}

/** `before`: what the shop had done by itself before the order came in; it ships only of orders of one line. */
export type Sale = { merchant: Index; lines: { kind: Kind; quantity: number; before?: Partial<Before> }[] };
export type Before = { shipped: number; cancelled: number };

export async function sell(run: Run, { merchant, lines }: Sale): Promise<Line[]> {
  const { model, world } = run;
  const remoteId = randomBytes(6).toString('hex');
  const sold = lines.map(({ kind, quantity, before }, index): Line => {
    const sku = model.skus[kind];
    const isRest = lines.length === 1 && (before?.shipped ?? 0) > 0;
    const line = {
      merchant,
      kind,
      sku,
      units: quantity,
      shipped: 0,
      gone: 0,
      isRest,
      from: 'here',
      reservation: null,
    } as const;
    return { ...line, remoteId, remoteLineId: `r${index + 1}`, lineId: '', orderId: '', dropshipId: null };
  });
  const wish = sold.map(({ sku, units, isRest }, index) => {
    const { shipped = 0, cancelled = 0 } = lines[index]!.before ?? {};
    const gone = isRest ? shipped : 0;
    return { sku, quantity: units + gone + cancelled, shipped: gone, cancelled };
  });
  const places = await hands.sell(world, merchantName(merchant), { remoteId, lines: wish });
  for (const line of sold) {
    shelfHere(run, merchant, line.sku).held += line.units;
    moveTo(model.truth, line, { from: routed(line), account: merchantName(merchant) });
  }
  model.lines.push(...sold);
  model.truth.lines.push(...sold);
  notePlaces(run, sold, places);
  return sold;
}

/** Records the leaf of each line, and the new dropships. */
function notePlaces({ model }: Run, lines: readonly Line[], places: readonly hands.Place[]): void {
  for (const line of lines) {
    const place = places.find(({ remoteLineId }) => remoteLineId === line.remoteLineId);
    // Cancelled units are not dropshipped.
    if (!place || line.units === 0) continue;
    Object.assign(line, place);
    const known = model.dropships.find(({ id }) => id === place.dropshipId);
    if (known && !known.lines.includes(line)) known.lines.push(line);
    if (known || place.dropshipId === null) continue;
    const { merchant, from } = line;
    model.dropships.push({
      id: place.dropshipId,
      merchant,
      supplier: from as Index,
      lines: [line],
      state: 'requested',
    });
  }
}

export async function importOrder(run: Run, dropship: Dropship, isCut: boolean): Promise<void> {
  await hands.importOrder(run.world, dropship.id, isCut);
  if (dropship.state === 'requested') {
    for (const line of dropship.lines.filter((one) => one.units > 0))
      reserve(shelfAt(run, dropship.supplier, line.sku), line);
  }
  dropship.state = isCut ? 'cut' : 'imported';
}

export async function ship(run: Run, dropship: Dropship, { isWhole, isCut }: { isWhole: boolean; isCut: boolean }) {
  const open = dropship.lines.filter((line) => openAtSupplier(line) > 0);
  const parts = isWhole
    ? open.map((line) => ({ line, quantity: openAtSupplier(line) }))
    : [{ line: open[0]!, quantity: 1 }];
  const { id: dropshipId, supplier, merchant } = dropship;
  const lines = parts.map(({ line, quantity }) => ({ lineId: line.lineId, quantity }));
  const id = await hands.shipOrder(run.world, supplier, { dropshipId, lines });
  for (const { line, quantity } of parts) {
    takeAway(shelfAt(run, supplier, line.sku), quantity);
    line.gone += quantity;
  }
  const shipment = { id, merchant, dropship, parts, isRelayed: false };
  run.model.shipments.push(shipment);
  if (!isCut) await relay(run, shipment);
}

export async function relay({ world }: Run, shipment: ModelShipment): Promise<void> {
  const { id, merchant, parts } = shipment;
  const lines = parts.map(({ line, quantity }) => ({ lineId: line.lineId, quantity }));
  const { orderId, dropshipId } = parts[0]!.line;
  await hands.relay(world, merchant, { id, orderId, dropshipId: dropshipId!, lines });
  shipment.isRelayed = true;
  for (const { line, quantity } of shipment.parts) line.shipped += quantity;
}

export async function voidShipment(run: Run, shipment: ModelShipment): Promise<void> {
  const { dropship, merchant, parts, id } = shipment;
  if (dropship) await hands.voidShipment(run.world, supplierName(dropship.supplier), id);
  await hands.voidShipment(run.world, merchantName(merchant), id);
  for (const { line, quantity } of parts) {
    putBack(dropship ? shelfAt(run, dropship.supplier, line.sku) : shelfHere(run, merchant, line.sku), quantity);
    line.shipped -= quantity;
    if (dropship) line.gone -= quantity;
  }
  run.model.shipments.splice(run.model.shipments.indexOf(shipment), 1);
}

export async function takeBack({ model, world }: Run, dropship: Dropship): Promise<void> {
  await hands.takeBack(world, dropship.id);
  for (const line of dropship.lines) {
    line.dropshipId = null;
    moveTo(model.truth, line, { from: home(line), account: merchantName(line.merchant) });
  }
  dropship.state = 'ended';
}

/** A merchant cancels in-house units. */
export async function cancelHere(run: Run, { orderId, lines }: { orderId: string; lines: Line[] }): Promise<void> {
  const parts = lines.map((line) => ({ line, quantity: openUnits(line) })).filter(({ quantity }) => quantity > 0);
  const merchant = lines[0]!.merchant;
  const units = parts.map(({ line, quantity }) => ({ lineId: line.lineId, quantity }));
  await hands.cancel(run.world, merchantName(merchant), { orderId, lines: units });
  for (const { line, quantity } of parts) {
    line.units -= quantity;
    if (line.from === 'here') shelfHere(run, merchant, line.sku).held -= quantity;
  }
}

/** A merchant cancels before the import: all units, or one. */
export async function cancelBefore(run: Run, dropship: Dropship, isWhole: boolean): Promise<void> {
  const one = dropship.lines.find(({ units }) => units > 0);
  const parts = dropship.lines.map((line) => ({ line, quantity: isWhole ? line.units : Number(line === one) }));
  const remaining = parts.map(({ line, quantity }) => ({ lineId: line.lineId, remaining: line.units - quantity }));
  await hands.cancelBefore(run.world, dropship.id, isWhole ? null : remaining);
  for (const { line, quantity } of parts) line.units -= quantity;
  if (dropship.lines.some((line) => line.units > 0)) return;
  dropship.state = 'ended';
  for (const line of dropship.lines) line.dropshipId = null;
}

/** A supplier cancels units that it has not shipped. */
export async function cancelThere(run: Run, dropship: Dropship, isCut: boolean): Promise<void> {
  const { supplier } = dropship;
  const remaining = received(dropship).map(({ lineId, gone }) => ({ lineId, remaining: gone }));
  await hands.cancelReceived(run.world, dropship.id, remaining);
  for (const line of dropship.lines) {
    const quantity = openAtSupplier(line);
    if (quantity > 0) release(shelfAt(run, supplier, line.sku), line, quantity);
  }
  dropship.state = 'cancelling';
  if (!isCut) await relayCancelled(run, dropship);
}

/** Units that were cancelled before the import are not in the supplier's order. */
const received = ({ lines }: Dropship): Line[] => lines.filter((line) => line.reservation);

async function relayCancelled({ world }: Run, dropship: Dropship): Promise<void> {
  const remaining = received(dropship).map((line) => ({ lineId: line.lineId, remaining: line.units - notSent(line) }));
  await hands.relayCancel(world, dropship.id, remaining);
  dropship.lines.forEach(send);
  dropship.state = 'imported';
}

export async function setLevel(
  run: Run,
  name: AccountName,
  { kind, units }: { kind: Kind; units: number | { by: number } },
) {
  const sku = run.model.skus[kind];
  const shelf = shelfOf(run.model.truth, name, sku);
  const by = typeof units === 'number' ? null : Math.max(-shelf.onHand, units.by);
  await setStock(run.world, name, { sku, level: by === null ? { physicalOnHand: units as number } : { adjustBy: by } });
  change(shelf, 'outside', () => (shelf.onHand = by === null ? (units as number) : shelf.onHand + by));
}

export async function sellElsewhere(run: Run, supplier: Index, { kind, quantity }: { kind: Kind; quantity: number }) {
  const sku = run.model.skus[kind];
  const remoteId = randomBytes(6).toString('hex');
  await hands.sell(run.world, supplierName(supplier), { remoteId, lines: [{ sku, quantity }] });
  const shelf = shelfAt(run, supplier, sku);
  change(shelf, 'outside', () => (shelf.held += quantity));
}

/** Reads the free units of all listings that changed since their last write. */
export async function read(run: Run, pair: Pair): Promise<Reading> {
  const batch = await readStock(run.world, pair, run.model.skus);
  const figures = new Map(
    batch.map(({ sku, available }) => {
      const shelf = shelfAt(run, pair.supplier, sku);
      if (available !== free(shelf)) throw new Error(`${sku}: ${available} was read, ${free(shelf)} are free`);
      return [sku, { at: shelf.changes.length, free: available }];
    }),
  );
  return { ...pair, batch, figures };
}

export async function write({ model, world }: Run, reading: Reading, isRecorded: boolean): Promise<void> {
  if (reading.batch.length === 0) return;
  await writeStock(world, reading, { batch: reading.batch, isRecorded });
  for (const [sku, figure] of reading.figures)
    give(model.truth, givenKey(reading.merchant, reading.supplier, sku), figure);
}

export async function dropshipByHand(run: Run, lines: readonly Line[], supplier: Index): Promise<void> {
  const { merchant, remoteId, orderId } = lines[0]!;
  const wish = { remoteId, orderId, lineIds: lines.map(({ lineId }) => lineId) };
  const places = await hands.dropshipByHand(run.world, { merchant, supplier }, wish);
  // The rest is routed again.
  for (const line of run.model.lines.filter((one) => one.orderId === orderId && one.units > 0)) {
    const from = lines.includes(line) ? supplier : home(line);
    moveTo(run.model.truth, line, { from, account: merchantName(merchant) });
  }
  notePlaces(run, run.model.lines.filter((line) => line.remoteId === remoteId), places); // prettier-ignore
}

export async function shipHere(
  run: Run,
  { orderId, lines }: { orderId: string; lines: Line[] },
  isWhole: boolean,
): Promise<void> {
  const open = lines.filter((line) => openUnits(line) > 0);
  const parts = isWhole ? open.map((line) => ({ line, quantity: openUnits(line) })) : [{ line: open[0]!, quantity: 1 }];
  const merchant = lines[0]!.merchant;
  const units = parts.map(({ line, quantity }) => ({ lineId: line.lineId, quantity }));
  const id = await hands.shipHere(run.world, merchantName(merchant), { orderId, lines: units });
  for (const line of lines) moveTo(run.model.truth, line, { from: 'here', account: merchantName(merchant) });
  for (const { line, quantity } of parts) {
    takeAway(shelfHere(run, merchant, line.sku), quantity);
    line.shipped += quantity;
  }
  run.model.shipments.push({ id, merchant, dropship: null, parts, isRelayed: true });
}

/** Dropships and shipments that a crash left half done. */
export const halves = ({ dropships, shipments }: Model): (Dropship | ModelShipment)[] => [
  ...dropships.filter(({ state }) => state === 'cut' || state === 'cancelling'),
  ...shipments.filter((shipment) => !shipment.isRelayed),
];

export async function finish(run: Run, half: Dropship | ModelShipment): Promise<void> {
  if ('isRelayed' in half) await relay(run, half);
  else if (half.state === 'cut') await importOrder(run, half, false);
  else await relayCancelled(run, half);
}

/** Finishes half-done work and imports all orders to their suppliers. */
export async function importAll(run: Run): Promise<void> {
  const { model } = run;
  for (const half of halves(model)) await finish(run, half);
  for (let line = waiting(model); line; line = waiting(model)) {
    const { orderId, from } = line;
    const together = model.lines.filter((one) => one.orderId === orderId && one.from === from && openUnits(one) > 0);
    await dropshipByHand(run, together, from as Index);
  }
  for (const dropship of model.dropships) if (dropship.state === 'requested') await importOrder(run, dropship, false);
}

/** The end: once all is imported and written, merchants promise exactly what their suppliers have. */
export async function finishAll(run: Run): Promise<void> {
  const { model, world } = run;
  await importAll(run);
  await verify(run);
  for (const pair of pairsBehind(model)) await write(run, await read(run, pair), true);
  await verify(run);
  const differing = (await world.look(Object.values(model.skus))).filter((cell) => !isAsTheSupplierHas(run, cell));
  if (differing.length > 0) throw new Error(`at the end: ${JSON.stringify(differing)}`);
}

function isAsTheSupplierHas(run: Run, { account, sku, warehouse, available }: Cell): boolean {
  if (warehouse === 'here') return true;
  const figure = run.model.truth.given.get(givenKey(Number(account.slice(1)) as Index, warehouse, sku));
  return !figure || Math.max(0, available) === Math.max(0, free(shelfAt(run, warehouse, sku)));
}

/** Lines bound for a supplier without a dropship. */
const waiting = ({ lines }: Model): Line | undefined =>
  lines.find((line) => line.dropshipId === null && line.from !== 'here' && openUnits(line) > 0);
