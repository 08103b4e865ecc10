import { useState } from 'react';
import { acceptCancel, declineCancel } from '../../api/commands/supplier-response.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Note, noteOf, Why } from './reasons.tsx';
import { allows } from './rules.ts';

interface CancelAnswerProps {
  readonly order: OrderDetail;
  readonly units: number;
  readonly merchant: string;
}

/** A supplier's answer to a merchant that asks to cancel units. */
export function CancelAnswer({ order, units, merchant }: CancelAnswerProps) {
  const { may } = useAccount();
  const words = useWords().order.cancel;
  const [asking, setAsking] = useState<'accept' | 'decline'>();
  const close = () => setAsking(undefined);
  if (!may('ship')) return null;
  return (
    <>
      {allows(order, 'acceptCancel') && (
        <Button size="small" look="danger" onClick={() => setAsking('accept')}>
          {words.accept(units)}
        </Button>
      )}
      {allows(order, 'declineCancel') && (
        <Button size="small" onClick={() => setAsking('decline')}>
          {words.decline}
        </Button>
      )}
      {asking === 'accept' && <AcceptCancel order={order} units={units} merchant={merchant} onClose={close} />}
      {asking === 'decline' && <DeclineCancel order={order} merchant={merchant} onClose={close} />}
    </>
  );
}

type DialogProps = Omit<CancelAnswerProps, 'units'> & { readonly onClose: () => void };

function AcceptCancel({ order, units, merchant, onClose }: DialogProps & { readonly units: number }) {
  const words = useWords().order.cancel;
  const messageOf = useMessage();
  const { say } = useToasts();
  const accept = useCommand(acceptCancel);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof words.reasons>('customer_request');
  const [note, setNote] = useState('');
  const run = async () => {
    const { error } = await accept.run({ id: order.id, key: key.current(), body: { reason, ...noteOf(note) } });
    if (error) return key.refused(error);
    onClose();
    say(words.accepted, words.acceptedFor(merchant));
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.acceptTitle(units)}
      description={words.acceptHint(merchant)}
      confirm={words.accept(units)}
      cancel={words.acceptKeep}
      look="danger"
      isBusy={accept.isBusy}
      error={messageOf(accept.error)}
      onConfirm={() => void run()}
    >
      <Why label={words.why} reasons={words.reasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}

function DeclineCancel({ order, merchant, onClose }: DialogProps) {
  const words = useWords().order.cancel;
  const messageOf = useMessage();
  const { say } = useToasts();
  const decline = useCommand(declineCancel);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof words.declineReasons>('packed');
  const [note, setNote] = useState('');
  const run = async () => {
    const { error } = await decline.run({ id: order.id, key: key.current(), body: { reason, ...noteOf(note) } });
    if (error) return key.refused(error);
    onClose();
    say(words.declined, words.declinedFor(merchant));
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.declineTitle}
      description={words.declineHint(merchant)}
      confirm={words.declineAction}
      cancel={words.declineKeep}
      isBusy={decline.isBusy}
      error={messageOf(decline.error)}
      onConfirm={() => void run()}
    >
      <Why label={words.why} reasons={words.declineReasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
