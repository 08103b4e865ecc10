import type { OrderDetail } from '../../api/queries/orders.ts';
import { country } from '../../lib/format.ts';

const joined = (parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ');

/** As it stands on a label, a line each. */
export const addressLines = (shipTo: OrderDetail['shipTo']): string[] =>
  [
    shipTo.name,
    shipTo.company,
    shipTo.address1,
    shipTo.address2,
    joined([shipTo.city, shipTo.province, shipTo.postalCode]),
    country(shipTo.country),
    shipTo.phone,
    shipTo.email,
  ].filter((line): line is string => line !== undefined && line.trim() !== '');
