import { useState } from 'react';
import { cancelUnits } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Note, noteOf, Why } from './reasons.tsx';
import { openUnits, sumOf } from './rules.ts';
import css from './merchant.module.css';

interface CancelProps {
  readonly order: OrderDetail;
  readonly onClose: () => void;
}

/** Who has the units decides what follows: nobody else, a supplier that has not got them yet, or one that has. */
function whoHas({ dropship }: OrderDetail): 'own' | 'waiting' | 'asks' {
  if (!dropship || ['cancelled', 'rejected', 'split'].includes(dropship.status)) return 'own';
  return dropship.status === 'requested' ? 'waiting' : 'asks';
}

/** Units to cancel, the reason, and what follows. All open units at first. */
export function CancelDialog({ order, onClose }: CancelProps) {
  const words = useWords();
  const { cancel } = words.merchantOrder;
  const messageOf = useMessage();
  const { say } = useToasts();
  const command = useCommand(cancelUnits);
  const key = useIntentKey();
  const lines = order.lines.filter((line) => openUnits(line) > 0);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [reason, setReason] = useState<keyof typeof cancel.reasons>('customer_request');
  const [note, setNote] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const unitsOf = (line: OrderDetail['lines'][number]) => Number(typed[line.id] ?? openUnits(line));
  const total = sumOf(lines, unitsOf);
  const supplier = order.counterpart?.name ?? words.frame.supplier;
  const who = whoHas(order);
  const isAll = lines.every((line) => unitsOf(line) === openUnits(line));
  const run = async () => {
    setEmpty(total === 0);
    if (total === 0) return;
    const named = lines.filter((line) => unitsOf(line) > 0);
    const body = {
      reason,
      ...noteOf(note),
      ...(!isAll && { lines: named.map((line) => ({ lineId: line.id, quantity: unitsOf(line) })) }),
    };
    const { error } = await command.run({ id: order.id, key: key.current(), body });
    if (error) return key.refused(error);
    onClose();
    if (who === 'asks') say(cancel.asksDone, cancel.asksDoneText(supplier));
    else say(cancel.done, cancel.doneText(total));
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={cancel.title(order.number)}
      confirm={who === 'asks' ? cancel.confirmAsk(total) : cancel.confirm(total)}
      cancel={cancel.keep}
      look="danger"
      isBusy={command.isBusy}
      error={isEmpty ? cancel.none : messageOf(command.error)}
      onConfirm={() => void run()}
    >
      <ul className={css['lines']}>
        {lines.map((line) => (
          <li key={line.id} className={css['line']}>
            <span className={css['what']}>
              {line.name}
              <small>
                {line.sku} · {cancel.open}: {openUnits(line)}
                {line.cancelRequested > 0 && ` · ${cancel.asked(line.cancelRequested)}`}
              </small>
            </span>
            <Input
              type="number"
              inputMode="numeric"
              min={0}
              max={openUnits(line)}
              required
              controlSize="small"
              className={css['units']}
              aria-label={cancel.unitsOf(line.name)}
              value={typed[line.id] ?? openUnits(line)}
              onFocus={({ target }) => target.select()}
              onChange={({ target }) => setTyped((now) => ({ ...now, [line.id]: target.value }))}
            />
          </li>
        ))}
      </ul>
      <Why label={cancel.why} reasons={cancel.reasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
      <p className={css['follows']}>
        <b>{cancel.follows}</b>
        {who === 'own' ? cancel.own : cancel[who](supplier)}
      </p>
    </ConfirmDialog>
  );
}
