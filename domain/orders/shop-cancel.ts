import {
  shareUnits,
  stillToAsk,
  unitsAsked,
  unitsBeyondShop,
  type AskedUnits,
  type CancelLeaf,
  type CancelLine,
} from './cancel.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';

/** A line with its shop's cancels. */
export type ShopCancelLine = Required<AskedUnits> & Pick<CancelLine, 'cancelledInShop' | 'letShip'>;

/** Units that the shop cancelled, and that are neither cancelled here nor asked to be. Shipped ones count: a void opens them. */
const unitsOnlyShopCancelled = ({ cancelledInShop, cancelled, cancelRequested }: ShopCancelLine): number =>
  Math.max(0, cancelledInShop - Math.max(cancelled, cancelRequested));

/** Those of them that may still ship. */
export const cancelledUnitsToShip = (line: ShopCancelLine): number =>
  Math.min(unitsOnlyShopCancelled(line), stillToAsk(line));

/** Whether a person has to decide about units of the line: it may ship more than a person lets ship. */
export const awaitsDecision = (line: ShopCancelLine): boolean =>
  cancelledUnitsToShip(line) > 0 && unitsOnlyShopCancelled(line) > line.letShip;

/**
 * Which units of an order's leaves its shop has cancelled: those that a person lets ship first, so that nobody is asked about
 * them again on another leaf; then those that are asked to be cancelled, then open ones, in-house leaves first, and shipped
 * ones last.
 * @param leaves of the shop's order, their lines keyed by remote id
 * @param ordered the units of each line when the order was imported
 * @param cancelled the units that the shop has cancelled so far, by remote line id
 * @returns `cancelledInShop` by line; lines that the shop does not name are left out
 */
export function shopCancelsOf(
  leaves: readonly CancelLeaf[],
  ordered: ReadonlyMap<string, number>,
  cancelled: readonly ShipmentLine[],
): Map<string, number> {
  const lines = leaves.flatMap((leaf) => leaf.lines);
  const keyOf = new Map(lines.map(({ lineId, key }) => [lineId, key]));
  const wanted = (line: CancelLine) => line.quantity - line.cancelled;
  const left = unitsBeyondShop(leaves, { ordered, cancelled, wanted });
  const inShop = new Map(lines.filter(({ key }) => left.has(key)).map((line) => [line.lineId, line.cancelled]));
  const [letShip, shipped] = [(line: CancelLine) => line.letShip, (line: CancelLine) => line.shipped];
  for (const own of [letShip, unitsAsked, stillToAsk, shipped]) {
    const most = (line: CancelLine) => Math.min(own(line), line.quantity - (inShop.get(line.lineId) ?? 0));
    for (const { lineId, quantity } of shareUnits(leaves, left, most).flatMap((part) => part.lines)) {
      inShop.set(lineId, inShop.get(lineId)! + quantity);
      left.set(keyOf.get(lineId)!, left.get(keyOf.get(lineId)!)! - quantity);
    }
  }
  return inShop;
}
