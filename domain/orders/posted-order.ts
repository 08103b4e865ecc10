import { abilitiesOf, type ChannelKind } from '../channel.ts';
import { DomainError, type Fault } from '../errors.ts';
import { didYouMean, hasHidden, shownSku } from '../nearest-sku.ts';
import type { Money } from './order.ts';

/** The checked fields of an order by REST. Only there an order can be refused; a shop's cannot (rules §9). */
type PostedOrder = {
  currency: string;
  lines: readonly { remoteLineId: string; sku: string; unitPrice: Money; requiresShipping?: boolean | undefined }[];
};

/** Shops and portals are read, never posted to. @throws DomainError `channel_not_for_posting` */
export function assertTakesPosts(kind: ChannelKind): void {
  if (abilitiesOf(kind).takesPosts) return;
  const detail = `is a channel of the kind ${kind}, whose orders are imported`;
  throw new DomainError('channel_not_for_posting', 'Orders are posted to api channels only.', [
    { pointer: '/channelId', detail },
  ]);
}

/** @throws DomainError `currency_differs`, or `invalid_request` for a remote line id on two lines; naming each line */
export function assertConsistent({ currency, lines }: PostedOrder): void {
  const others = faults(lines, (line) =>
    line.unitPrice.currency === currency
      ? null
      : { field: 'unitPrice/currency', detail: `is ${line.unitPrice.currency}, the order is in ${currency}` },
  );
  if (others.length > 0) throw new DomainError('currency_differs', 'An order has one currency.', others);
  const ids = lines.map((line) => line.remoteLineId);
  const repeated = faults(lines, (line, index) =>
    ids.indexOf(line.remoteLineId) === index
      ? null
      : { field: 'remoteLineId', detail: 'is the id of another line of this order' },
  );
  if (repeated.length > 0) throw new DomainError('invalid_request', 'Each line has an id of its own.', repeated);
}

/**
 * @param nearest the products that unknown SKUs may mean
 * @throws DomainError `unknown_sku` naming each line of goods whose SKU is no product; also another line, where its SKU has
 * invisible characters
 */
export function assertSkusKnown(
  { lines }: PostedOrder,
  known: ReadonlySet<string>,
  nearest: ReadonlyMap<string, string>,
): void {
  const unknown = faults(lines, (line) =>
    known.has(line.sku) || (line.requiresShipping === false && !hasHidden(line.sku))
      ? null
      : {
          field: 'sku',
          detail: `${shownSku(line.sku)} is not the SKU of a product.${didYouMean(nearest.get(line.sku))}`,
        },
  );
  if (unknown.length > 0) throw new DomainError('unknown_sku', 'Create these products first; see errors.', unknown);
}

type Line = PostedOrder['lines'][number];

function faults(
  lines: readonly Line[],
  faultOf: (line: Line, index: number) => { field: string; detail: string } | null,
): Fault[] {
  return lines.flatMap((line, index) => {
    const fault = faultOf(line, index);
    return fault ? [{ pointer: `/lines/${index}/${fault.field}`, detail: fault.detail }] : [];
  });
}

/** An order that is posted again gets the stored order as its answer. @throws DomainError `remote_id_taken` for other content */
export function assertSameOrder(stored: { orderId: string; isSame: boolean }): void {
  if (stored.isSame) return;
  throw new DomainError('remote_id_taken', `Order ${stored.orderId} has this remote id and other content.`);
}
