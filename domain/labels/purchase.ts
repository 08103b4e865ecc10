import { DomainError } from '../errors.ts';
import type { Money } from '../orders/order.ts';
import { linesToShip, type OpenLine, type ShipmentLine } from '../shipments/shipment.ts';

/**
 * Refuses a price above the highest that was agreed to, before anything is bought. A price in another currency cannot be
 * compared.
 * @param cost null where the merchant pays: its own terms bind
 * @throws DomainError `rate_changed`
 */
export function assertWithin(cost: Money | null, highest: Money | null): void {
  if (cost === null || highest === null) return;
  if (cost.currency === highest.currency && cost.amount <= highest.amount) return;
  const text = ({ amount, currency }: Money) => `${amount} ${currency} in minor units`;
  throw new DomainError('rate_changed', `The label costs ${text(cost)}; at most ${text(highest)} were agreed to.`, [
    { pointer: '/maxCost', detail: `is below the price of ${text(cost)}` },
  ]);
}

/**
 * The units of a new label: the named ones, or all that are open and that no other label of the order holds.
 * @param lines as `linesForParcel` gives them
 * @param held units of labels that are being bought: they are open until the shipment of the label is recorded; of return
 *   labels, units that have one already
 * @throws DomainError as `linesToShip`
 */
export function linesOfLabel(
  lines: readonly OpenLine[],
  held: readonly ShipmentLine[],
  requested?: readonly ShipmentLine[],
): ShipmentLine[] {
  const free = lines.map((line) => {
    const taken = held.filter(({ lineId }) => lineId === line.lineId).reduce((sum, { quantity }) => sum + quantity, 0);
    // More units may be held than are open: others shipped meanwhile. Those labels are refused or voided.
    return { ...line, quantity: Math.max(line.quantity - taken, line.shipped + line.cancelled) };
  });
  return linesToShip(free, requested);
}
