import { Ban, Printer } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { acceptOrders } from '../../api/commands/supplier-response.ts';
import type { OrderRow } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Accept } from '../order/accept.tsx';
import { batchDone, type BatchDone } from './batch-done.ts';
import { RejectOrders } from './reject-orders.tsx';
import css from './orders.module.css';

// Loaded when it is wanted: nobody waits for it to see the queue.
const PrintDialog = lazy(async () => ({ default: (await import('../print/print-dialog.tsx')).PrintDialog }));

interface BulkBarProps {
  readonly rows: readonly OrderRow[];
  readonly onClear: () => void;
  readonly onDone: (done: BatchDone) => void;
}

/** What is done with all chosen orders at once. */
export function BulkBar({ rows, onClear, onDone }: BulkBarProps) {
  const { may } = useAccount();
  const words = useWords().orders;
  const messageOf = useMessage();
  const { complain } = useToasts();
  const accept = useCommand(acceptOrders);
  const [isRejecting, setRejecting] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const answerable = rows.filter(({ side, openUnits }) => side === 'supplying' && openUnits > 0);
  const run = async (expectedShipAt?: string) => {
    const orders = answerable.map(({ id }) => id);
    const { data, error } = await accept.run({ orders, ...(expectedShipAt !== undefined && { expectedShipAt }) });
    if (error) complain(words.failed, messageOf(error));
    else onDone(batchDone('accepted', answerable, data));
  };
  return (
    <div className={css['bulk']} role="group" aria-label={words.bar}>
      <span role="status">{words.chosen(rows.length)}</span>
      {may('ship') && answerable.length > 0 && (
        <>
          <Accept
            size="small"
            merchant={words.theMerchants}
            isBusy={accept.isBusy}
            onAccept={(expectedShipAt) => void run(expectedShipAt)}
          />
          <Button size="small" onClick={() => setRejecting(true)}>
            <Ban size={15} aria-hidden />
            {words.reject}
          </Button>
        </>
      )}
      {may('ship') && (
        <Button size="small" onClick={() => setPrinting(true)}>
          <Printer size={15} aria-hidden />
          {words.print}
        </Button>
      )}
      <Button size="small" onClick={onClear}>
        {words.unchoose}
      </Button>
      {isRejecting && <RejectOrders rows={answerable} onClose={() => setRejecting(false)} onDone={onDone} />}
      <Suspense>{isPrinting && <PrintDialog orders={rows} onClose={() => setPrinting(false)} />}</Suspense>
    </div>
  );
}
