import type { Order } from '../../db/orders/view.ts';

/** An order's lines as the rules of domain/ take them. */
export const openLines = ({ lines }: Order) => lines.map(({ id, ...units }) => ({ ...units, lineId: id }));

/** The same units by the merchant's line ids, which a dropship's workflow counts by. */
export const byRemoteId = <Units extends { lineId: string }>({ lines }: Order, units: readonly Units[]): Units[] =>
  units.map((unit) => ({ ...unit, lineId: lines.find((line) => line.id === unit.lineId)!.remoteLineId }));
