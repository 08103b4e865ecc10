import { useState } from 'react';
import { invitePartner } from '../../api/commands/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { ConfirmDialog, Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { OtherSide } from './answers.tsx';

interface Issued {
  readonly email: string;
  readonly link: string;
}

interface InviteProps {
  readonly side?: OtherSide;
  readonly onClose: () => void;
}

/** Asks for the e-mail; shows the link where the service sends no mail. */
export function InviteDialog({ side = 'suppliers', onClose }: InviteProps) {
  const words = useWords()[side].inviting;
  const { say } = useToasts();
  const messageOf = useMessage();
  const invite = useCommand(invitePartner);
  const [email, setEmail] = useState('');
  const [issued, setIssued] = useState<Issued>();
  const send = async () => {
    const { data } = await invite.run({ kind: side === 'suppliers' ? 'supplier' : 'merchant', email: email.trim() });
    if (!data) return;
    if (data.link !== null) return setIssued({ email: data.email, link: data.link });
    say(words.mailed(data.email));
    onClose();
  };
  if (issued) return <LinkDialog side={side} issued={issued} onClose={onClose} />;
  const fault = invite.error?.errors.find(({ pointer }) => pointer === '/email')?.detail;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title}
      description={words.text}
      confirm={words.send}
      cancel={words.cancel}
      isBusy={invite.isBusy}
      error={fault === undefined ? messageOf(invite.error) : undefined}
      onConfirm={() => void send()}
    >
      <Field label={words.email} error={fault}>
        {(ids) => (
          <Input
            {...ids}
            type="email"
            name="email"
            required
            autoComplete="off"
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}

function LinkDialog({ side, issued, onClose }: Required<InviteProps> & { readonly issued: Issued }) {
  const words = useWords()[side].inviting;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.linkTitle}
      description={words.linkText(issued.email)}
      actions={
        <>
          <Copy text={issued.link} label={words.copyLink} />
          <Button look="primary" onClick={onClose}>
            {words.done}
          </Button>
        </>
      }
    >
      <Field label={words.link}>
        {(ids) => <Input {...ids} readOnly value={issued.link} onFocus={({ target }) => target.select()} />}
      </Field>
    </Dialog>
  );
}
