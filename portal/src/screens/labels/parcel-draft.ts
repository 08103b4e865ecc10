import type { NewRating } from '../../../../clients/typescript/src/index.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { minorOf } from '../../lib/amounts.ts';
import { gramsOf, lengthText, millimetresOf, usualSystem, weightText, type System } from '../../lib/measures.ts';
import { store, stored } from '../../lib/storage.ts';
import { sumOf } from '../order/rules.ts';

export type PackedLine = { readonly lineId: string; readonly quantity: number };
type Signature = NonNullable<NewRating['signature']>;
export const signatures = ['none', 'signature', 'adult'] as const satisfies readonly Signature[];

/** A parcel as typed. `account` and `warehouse`: empty for what the service chooses. */
export interface ParcelDraft {
  readonly system: System;
  readonly weight: string;
  readonly length: string;
  readonly width: string;
  readonly height: string;
  readonly account: string;
  readonly warehouse: string;
  readonly insured: string;
  readonly signature: Signature;
}

/** The lines that lie in the parcel, with their units. */
const packed = ({ lines }: OrderDetail, parcel: readonly PackedLine[]) =>
  parcel.flatMap(({ lineId, quantity }) => {
    const line = lines.find(({ id }) => id === lineId);
    return line ? [{ line, quantity }] : [];
  });

/** Of the products in the parcel, as far as it is known. */
export const gramsIn = (order: OrderDetail, parcel: readonly PackedLine[]): number =>
  sumOf(packed(order, parcel), ({ line, quantity }) => (line.weightGrams ?? 0) * quantity);

/** The SKUs in the parcel of which no weight is known. */
export const unweighed = (order: OrderDetail, parcel: readonly PackedLine[]): string[] =>
  packed(order, parcel).flatMap(({ line }) => (line.weightGrams === null ? [line.sku] : []));

/** The box of the parcel before: most who pack have few sizes. Millimetres. */
const boxBefore = (): readonly number[] => (stored('vp.box') ?? '').split(' ').map(Number).filter(Boolean);

export function draftOf(order: OrderDetail, parcel: readonly PackedLine[]): ParcelDraft {
  const system = usualSystem();
  const grams = gramsIn(order, parcel);
  const [length, width, height] = boxBefore().map((side) => lengthText(side, system));
  return {
    system,
    weight: grams === 0 ? '' : weightText(grams, system),
    length: length ?? '',
    width: width ?? '',
    height: height ?? '',
    account: '',
    warehouse: '',
    insured: '',
    signature: 'none',
  };
}

/** The same parcel in other units. What is no number stays as it is typed. */
export function inSystem(draft: ParcelDraft, system: System): ParcelDraft {
  const grams = gramsOf(draft.weight, draft.system);
  const side = (text: string) => {
    const millimetres = millimetresOf(text, draft.system);
    return millimetres === undefined ? text : lengthText(millimetres, system);
  };
  return {
    ...draft,
    system,
    weight: grams === undefined ? draft.weight : weightText(grams, system),
    length: side(draft.length),
    width: side(draft.width),
    height: side(draft.height),
  };
}

export type ParcelFault = 'weight' | 'size' | 'insured';

type Content = Pick<
  NewRating,
  'labelAccountId' | 'parcel' | 'lines' | 'shipFromWarehouseId' | 'insuredValue' | 'signature'
>;

/** What is asked for, or the first field that is missing. */
export function contentOf(
  draft: ParcelDraft,
  { lines, currency }: { readonly lines: readonly PackedLine[]; readonly currency: string },
): Content | ParcelFault {
  const weightGrams = gramsOf(draft.weight, draft.system);
  const [lengthMm, widthMm, heightMm] = [draft.length, draft.width, draft.height].map((side) =>
    millimetresOf(side, draft.system),
  );
  const insured = draft.insured.trim() === '' ? undefined : (minorOf(draft.insured, currency) ?? null);
  if (weightGrams === undefined) return 'weight';
  if (lengthMm === undefined || widthMm === undefined || heightMm === undefined) return 'size';
  if (insured === null) return 'insured';
  return {
    parcel: { weightGrams, lengthMm, widthMm, heightMm },
    signature: draft.signature,
    lines: [...lines],
    ...(draft.account !== '' && { labelAccountId: draft.account }),
    ...(draft.warehouse !== '' && { shipFromWarehouseId: draft.warehouse }),
    ...(insured !== undefined && { insuredValue: { amount: insured, currency } }),
  };
}

export const rememberBox = ({ lengthMm, widthMm, heightMm }: Content['parcel']): void =>
  store('vp.box', `${lengthMm} ${widthMm} ${heightMm}`);
