import { useState, type ReactNode } from 'react';
import type { Decision, Reason } from '../../api/commands/attention.ts';
import type { AttentionAction } from '../../api/queries/attention.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Note, noteOf, Why } from '../order/reasons.tsx';

/** The reason that is usual for a decision. */
const usual: Readonly<Record<AttentionAction, Reason>> = {
  retry: 'fixed_at_source',
  skip: 'handled_by_hand',
  cancel: 'not_needed',
  rename: 'fixed_at_source',
  relink: 'fixed_at_source',
  keep: 'not_needed',
};

interface DecideDialogProps {
  readonly action: AttentionAction;
  /** The verb: title and button. */
  readonly title: string;
  /** What follows. */
  readonly description: ReactNode;
  readonly isBusy: boolean;
  readonly error: string | undefined;
  readonly onDecide: (decision: Decision) => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Asks why, and for a note. Enter decides. */
export function DecideDialog(props: DecideDialogProps) {
  const { action, title, description, isBusy, error, onDecide, onClose, children } = props;
  const words = useWords().attention;
  const [reason, setReason] = useState<Reason>(usual[action]);
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      confirm={title}
      cancel={words.cancel}
      look={action === 'cancel' ? 'danger' : 'primary'}
      isBusy={isBusy}
      error={error}
      onConfirm={() => onDecide({ action, reason, ...noteOf(note) })}
    >
      {children}
      <Why label={words.why} reasons={words.reasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
