import { useState } from 'react';
import { rejectOrders } from '../../api/commands/supplier-response.ts';
import type { OrderRow } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Note, noteOf, Why } from '../order/reasons.tsx';
import { batchDone, type BatchDone } from './batch-done.ts';

interface RejectOrdersProps {
  readonly rows: readonly OrderRow[];
  readonly onClose: () => void;
  readonly onDone: (done: BatchDone) => void;
}

export function RejectOrders({ rows, onClose, onDone }: RejectOrdersProps) {
  const words = useWords();
  const messageOf = useMessage();
  const reject = useCommand(rejectOrders);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof words.order.reject.reasons>('out_of_stock');
  const [note, setNote] = useState('');
  const run = async () => {
    const body = { orders: rows.map(({ id }) => id), reason, ...noteOf(note) };
    const { data, error } = await reject.run({ key: key.current(), body });
    if (error) return key.refused(error);
    onClose();
    onDone(batchDone('rejected', rows, data));
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.orders.rejectTitle(rows.length)}
      description={words.orders.rejectDescription}
      confirm={words.orders.rejectAction(rows.length)}
      cancel={words.orders.rejectCancel}
      look="danger"
      isBusy={reject.isBusy}
      error={messageOf(reject.error)}
      onConfirm={() => void run()}
    >
      <Why label={words.order.reject.why} reasons={words.order.reject.reasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
