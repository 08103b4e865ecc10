import { useState } from 'react';
import type { OrderChange } from '../../../../clients/typescript/src/index.ts';
import { changeOrder } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field, Textarea } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { addressFaults, AddressFields, addressOf, isSameAddress, typedOf } from '../address-fields.tsx';
import css from './merchant.module.css';

interface Notes {
  readonly customer: string;
  readonly internal: string;
}

const notesOf = ({ customer, internal }: Notes): NonNullable<OrderChange['notes']> => ({
  ...(customer.trim() !== '' && { customer }),
  ...(internal.trim() !== '' && { internal }),
});

interface ChangeProps {
  readonly order: OrderDetail;
  readonly onClose: () => void;
}

/** Ship-to and notes. Only what has changed is sent. */
export function ChangeDialog({ order, onClose }: ChangeProps) {
  const words = useWords().merchantOrder.change;
  const messageOf = useMessage();
  const { say } = useToasts();
  const change = useCommand(changeOrder);
  const before = {
    typed: typedOf(order.shipTo),
    customer: order.notes?.customer ?? '',
    internal: order.notes?.internal ?? '',
  };
  const [typed, setTyped] = useState(before.typed);
  const [notes, setNotes] = useState<Notes>({ customer: before.customer, internal: before.internal });
  const [isSame, setSame] = useState(false);
  const run = async () => {
    const isMoved = !isSameAddress(typed, before.typed);
    const isNoted = notes.customer !== before.customer || notes.internal !== before.internal;
    setSame(!isMoved && !isNoted);
    if (!isMoved && !isNoted) return;
    const body = { ...(isMoved && { shipTo: addressOf(typed) }), ...(isNoted && { notes: notesOf(notes) }) };
    const { error } = await change.run({ id: order.id, body });
    if (error) return;
    onClose();
    say(words.done);
  };
  const faults = addressFaults(change.error, '/shipTo');
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(order.number)}
      description={words.text}
      confirm={words.save}
      cancel={words.cancel}
      isBusy={change.isBusy}
      error={isSame ? words.nothing : faults.size > 0 ? undefined : messageOf(change.error)}
      onConfirm={() => void run()}
    >
      <fieldset className={css['fieldset']}>
        <legend className={css['legend']}>{words.shipTo}</legend>
        <AddressFields typed={typed} faults={faults} onChange={setTyped} />
      </fieldset>
      <Field label={words.customerNote}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={2}
            value={notes.customer}
            onChange={({ target }) => setNotes((now) => ({ ...now, customer: target.value }))}
          />
        )}
      </Field>
      <Field label={words.internalNote}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={2}
            value={notes.internal}
            onChange={({ target }) => setNotes((now) => ({ ...now, internal: target.value }))}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
