import type { Order } from '../../db/orders/view.ts';

/** The same units by the merchant's line ids: a dropship's workflow counts by those. */
export const byRemoteId = <Units extends { lineId: string }>({ lines }: Order, units: readonly Units[]): Units[] =>
  units.map((unit) => ({ ...unit, lineId: lines.find((line) => line.lineId === unit.lineId)!.remoteLineId }));
