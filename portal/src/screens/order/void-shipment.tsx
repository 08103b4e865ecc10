import { useState } from 'react';
import { voidShipment } from '../../api/commands/shipments.ts';
import type { Shipment } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Note, noteOf, Why } from './reasons.tsx';
import { sumOf } from './rules.ts';

interface VoidShipmentProps {
  readonly shipment: Shipment;
  readonly onClose: () => void;
}

export function VoidShipment({ shipment, onClose }: VoidShipmentProps) {
  const words = useWords().order.shipments;
  const messageOf = useMessage();
  const { say } = useToasts();
  const discard = useCommand(voidShipment);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof words.voidReasons>('not_sent');
  const [note, setNote] = useState('');
  const run = async () => {
    const { error } = await discard.run({ id: shipment.id, key: key.current(), body: { reason, ...noteOf(note) } });
    if (error) return key.refused(error);
    onClose();
    say(words.voidDone);
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.voidTitle(sumOf(shipment.lines, ({ quantity }) => quantity))}
      description={words.voidHint}
      confirm={words.voidAction}
      cancel={words.voidCancel}
      look="danger"
      isBusy={discard.isBusy}
      error={messageOf(discard.error)}
      onConfirm={() => void run()}
    >
      <Why label={words.voidWhy} reasons={words.voidReasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
