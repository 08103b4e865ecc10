import { useState } from 'react';
import { rejectOrder } from '../../api/commands/supplier-response.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Note, noteOf, Why } from './reasons.tsx';
import { merchantOf, openUnits, sumOf } from './rules.ts';

interface RejectOrderProps {
  readonly order: OrderDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function RejectOrder({ order, isOpen, onClose }: RejectOrderProps) {
  const words = useWords();
  const messageOf = useMessage();
  const { say } = useToasts();
  const reject = useCommand(rejectOrder);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof words.order.reject.reasons>('out_of_stock');
  const [note, setNote] = useState('');
  const merchant = merchantOf(order) ?? words.frame.merchant;
  const run = async () => {
    const { error } = await reject.run({ id: order.id, key: key.current(), body: { reason, ...noteOf(note) } });
    if (error) return key.refused(error);
    onClose();
    say(words.order.reject.done, words.order.reject.doneFor(order.number, merchant));
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={() => {
        reject.reset();
        onClose();
      }}
      title={words.order.reject.title(order.number)}
      description={words.order.reject.description(sumOf(order.lines, openUnits), merchant)}
      confirm={words.order.reject.confirm}
      cancel={words.order.reject.cancel}
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
