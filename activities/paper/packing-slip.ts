import { storeBytes, storeDocument } from '../../db/documents/documents.ts';
import { readMerchantSide } from '../../db/dropships/imports.ts';
import { derivedId } from '../../db/engine/ids.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { orderNotFound } from '../../db/orders/orders.ts';
import { listOrdersToPrint, type OrderToPrint } from '../../db/paper/orders-to-print.ts';
import type { MerchantSide } from '../../domain/dropships/crossing.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Paper } from '../../domain/paper/paper.ts';
import { asSupplierPrints } from '../../domain/paper/preview.ts';
import { slipOf, type SlipContent } from '../../domain/paper/slip.ts';
import type { Deps } from '../deps.ts';
import { ownerOfOrder } from '../owners.ts';
import { brandsOf } from './branded.ts';
import { renderWithLogos, type Render } from './with-logos.ts';

type SlipInput = { orderId: string; paper: Paper };

export function createPackingSlipActivities(deps: Deps, render: Render) {
  const { pool, documents: store, now } = deps;

  return {
    /**
     * Makes and stores the slip of one order; of an order that a supplier packs, as that supplier prints it. The same slip on
     * the same day is the same document.
     * @throws DomainError `order_is_split`, `nothing_to_print`
     */
    async makePackingSlip({ orderId, paper }: SlipInput): Promise<{ documentId: string }> {
      const accountId = await ownerOfOrder(pool, orderId);
      const slip = await slipFor(deps, accountId, orderId);
      const today = `${now().toISOString().slice(0, 10)}T00:00:00.000Z`;
      const { pdf, pages } = await renderWithLogos(render, { paper, today, sheets: [{ kind: 'packing_slip', slip }] });
      if (pages === 0) throw new DomainError('nothing_to_print', 'The packing slip of this order cannot be printed.');
      const bytes = await storeBytes(store, accountId, { kind: 'packing_slip', bytes: pdf });
      const id = derivedId('document', 'packing_slip', orderId, bytes.sha256.toString('hex'));
      const documentId = await withAccount(pool, accountId, (db) =>
        storeDocument(db, store, { id, bytes, mediaType: 'application/pdf', orderId }),
      );
      return { documentId };
    },
  };
}

type Found = { order: OrderToPrint; side: MerchantSide | null };

async function slipFor(deps: Deps, accountId: string, orderId: string): Promise<SlipContent> {
  const found = await readInAccount(deps.pool, accountId, async (db): Promise<Found> => {
    const [order] = await listOrdersToPrint(db, [orderId]);
    if (!order) throw orderNotFound();
    return { order, side: order.dropshipId === null ? null : await readMerchantSide(db, order.dropshipId) };
  });
  const { order, status } = found.order;
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split: its leaves have the slips.');
  const { frameOf } = await brandsOf(deps, accountId, [found.order]);
  const slip =
    found.side === null
      ? slipOf(order, frameOf(found.order))
      : slipOf(asSupplierPrints(order, found.side), {
          // To its supplier this account is the merchant, also where the order came from another.
          ...frameOf({ order, merchant: null }),
          supplierName: found.order.supplierName,
          sharesPrices: found.side.shared.includes('prices'),
        });
  if (slip.lines.length === 0) throw new DomainError('nothing_to_print', 'The order has nothing that ships.');
  return slip;
}
