import type { OrderDetail } from '../../api/queries/orders.ts';
import { country } from '../../lib/format.ts';

type Address = OrderDetail['shipTo'];

const joined = (parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ');
const filled = (lines: readonly (string | undefined)[]): string[] =>
  lines.filter((line): line is string => line !== undefined && line.trim() !== '');

/** As it stands on a parcel, a line each. */
const postalLines = ({ name, company, address1, address2, city, province, postalCode, country: code }: Address) =>
  filled([name, company, address1, address2, joined([city, province, postalCode]), code && country(code)]);

/** As it stands on a label, a line each: also phone and e-mail. */
export const addressLines = (address: Address): string[] =>
  filled([...postalLines(address), address.phone, address.email]);
