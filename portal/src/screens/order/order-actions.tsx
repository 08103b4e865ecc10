import { Ban, Printer } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { Button } from '../../components/button.tsx';
import { useShortcuts } from '../../lib/keys.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { AcceptOrder } from './accept-order.tsx';
import { RejectOrder } from './reject-order.tsx';
import { allows } from './rules.ts';

const PrintDialog = lazy(async () => ({ default: (await import('../print/print-dialog.tsx')).PrintDialog }));

/** What is done with the order as a whole. What a person must look at first takes Accept away. */
export function OrderActions({ order }: { readonly order: OrderDetail }) {
  const { may } = useAccount();
  const words = useWords().order;
  const [isRejecting, setRejecting] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  useShortcuts(may('ship') ? { p: () => setPrinting(true) } : {});
  const isCalm = order.cancelRequestedAt === null && order.attention === null;
  return (
    <>
      {may('ship') && (
        <Button onClick={() => setPrinting(true)}>
          <Printer size={16} aria-hidden />
          {words.print}
        </Button>
      )}
      {may('ship') && allows(order, 'reject') && (
        <Button look="danger" onClick={() => setRejecting(true)}>
          <Ban size={16} aria-hidden />
          {words.reject.action}
        </Button>
      )}
      {may('ship') && isCalm && allows(order, 'accept') && <AcceptOrder order={order} />}
      <RejectOrder order={order} isOpen={isRejecting} onClose={() => setRejecting(false)} />
      <Suspense>{isPrinting && <PrintDialog orders={[order]} onClose={() => setPrinting(false)} />}</Suspense>
    </>
  );
}
