import {
  shareUnits,
  stillToAsk,
  unitsAsked,
  unitsBeyondShop,
  type AskedUnits,
  type CancelLeaf,
  type CancelLine,
  type LeftInShop,
} from './cancel.ts';

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
 * @returns `cancelledInShop` by line
 */
export function shopCancelsOf(leaves: readonly CancelLeaf[], left: LeftInShop): Map<string, number> {
  const lines = leaves.flatMap((leaf) => leaf.lines);
  const keyOf = new Map(lines.map(({ lineId, key }) => [lineId, key]));
  const wanted = (line: CancelLine) => line.quantity - line.cancelled;
  const toMark = unitsBeyondShop(leaves, { left, wanted });
  const inShop = new Map(lines.map((line) => [line.lineId, line.cancelled]));
  const [letShip, shipped] = [(line: CancelLine) => line.letShip, (line: CancelLine) => line.shipped];
  for (const own of [letShip, unitsAsked, stillToAsk, shipped]) {
    const most = (line: CancelLine) => Math.min(own(line), line.quantity - (inShop.get(line.lineId) ?? 0));
    for (const { lineId, quantity } of shareUnits(leaves, toMark, most).flatMap((part) => part.lines)) {
      inShop.set(lineId, inShop.get(lineId)! + quantity);
      toMark.set(keyOf.get(lineId)!, toMark.get(keyOf.get(lineId)!)! - quantity);
    }
  }
  return inShop;
}
