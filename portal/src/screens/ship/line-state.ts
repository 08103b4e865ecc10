import type { Shipment } from '../../../../clients/typescript/src/index.ts';
import type { ScannedOrder, ScannedRow } from '../../api/queries/scan.ts';

/** What a scanner sent, with the key under which it is recorded at most once. */
export interface Scan {
  readonly key: string;
  readonly text: string;
}

/** An order as a sentence names it. */
export interface Named {
  readonly id: string;
  readonly number: string;
  readonly party: string | undefined;
}

/** Why the line stands. It stays so until a person acknowledges it. */
export type Stop = { readonly scan: Scan } & (
  | { readonly kind: 'unknown' | 'label-first' }
  | { readonly kind: 'shipped' | 'cancelled' | 'cancel-requested' | 'with-supplier' | 'not-now'; readonly order: Named }
  | { readonly kind: 'split'; readonly order: Named; readonly parts: readonly string[] }
  // The number of an order came where the label of another was due.
  | { readonly kind: 'no-label'; readonly order: Named }
  | { readonly kind: 'used-label'; readonly order: Named; readonly used: Named }
  | { readonly kind: 'no-units'; readonly order: Named }
  | { readonly kind: 'refused'; readonly order: Named | undefined; readonly detail: string }
  // No answer: the scan is tried again.
  | { readonly kind: 'lost'; readonly detail: string | undefined }
);

/** Of an order by its status. */
type Refusal = 'shipped' | 'cancelled' | 'cancel-requested' | 'with-supplier' | 'not-now' | 'split';

/** What only a person knows. */
export type Question = { readonly scan: Scan } & (
  | { readonly kind: 'order'; readonly rows: readonly ScannedRow[] }
  | { readonly kind: 'carrier'; readonly trackingNumber: string; readonly candidates: readonly string[] }
);

/** The order on the bench. `units`: those of this box, by line. `box`: 1 for the first. */
export interface Bench {
  readonly order: ScannedOrder;
  readonly units: Readonly<Record<string, number>>;
  readonly box: number;
}

export type Done = { readonly key: string } & (
  | {
      readonly kind: 'shipped';
      readonly order: Named;
      readonly shipment: Shipment;
      readonly units: number;
      readonly isVoided: boolean;
    }
  | { readonly kind: 'aside'; readonly order: Named }
  | { readonly kind: 'dropped'; readonly text: string }
  | { readonly kind: 'refused'; readonly stop: Stop }
);

export interface LineState {
  readonly waiting: readonly Scan[];
  readonly running: Scan | undefined;
  readonly bench: Bench | undefined;
  readonly stop: Stop | undefined;
  readonly question: Question | undefined;
  /** Of this session, the newest first. */
  readonly done: readonly Done[];
  /** A scan that came twice, and changed nothing. */
  readonly again: string | undefined;
}

export const emptyLine: LineState = {
  waiting: [],
  running: undefined,
  bench: undefined,
  stop: undefined,
  question: undefined,
  done: [],
  again: undefined,
};

export const nameOf = ({ id, number, side, counterpart }: ScannedRow | ScannedOrder): Named => ({
  id,
  number,
  party: side === 'supplying' ? counterpart?.name : undefined,
});

export const openOf = (line: ScannedOrder['lines'][number]): number => line.quantity - line.shipped - line.cancelled;

/** The order with all its open units in the next box. */
export const benchOf = (order: ScannedOrder, box = 1): Bench => ({
  order,
  units: Object.fromEntries(order.lines.map((line) => [line.id, openOf(line)])),
  box,
});

/** Why an order must not be shipped now, or undefined. */
export function refusalOf(order: ScannedRow | ScannedOrder): Refusal | undefined {
  if (order.status === 'cancelled') return 'cancelled';
  if (order.status === 'shipped') return 'shipped';
  if (order.status === 'split') return 'split';
  if (order.cancelRequestedAt !== null) return 'cancel-requested';
  if (order.status === 'dropship_requested') return 'with-supplier';
  if ('actions' in order && order.actions.some(({ action, allowed }) => action === 'ship' && !allowed))
    return 'not-now';
  return undefined;
}

/** Numbers compare without blanks and case, as scanners and people give them. */
export const plainNumber = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();
