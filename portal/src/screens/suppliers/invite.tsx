import { useState } from 'react';
import { invitePartner } from '../../api/commands/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { EmailField } from '../invitations/email-field.tsx';
import { LinkDialog, type Issued } from '../invitations/link-dialog.tsx';
import type { OtherSide } from './answers.tsx';

interface InviteProps {
  readonly side: OtherSide;
  readonly onClose: () => void;
}

/** Asks for the e-mail; shows the link where the service sends no mail. */
export function InviteDialog({ side, onClose }: InviteProps) {
  const { [side]: partners, invitationLink } = useWords();
  const words = partners.inviting;
  const { say } = useToasts();
  const messageOf = useMessage();
  const invite = useCommand(invitePartner);
  const [email, setEmail] = useState('');
  const [issued, setIssued] = useState<Issued>();
  const send = async () => {
    const { data } = await invite.run({ kind: side === 'suppliers' ? 'supplier' : 'merchant', email: email.trim() });
    if (!data) return;
    if (data.link !== null) return setIssued({ email: data.email, link: data.link });
    say(invitationLink.mailed(data.email));
    onClose();
  };
  if (issued) return <LinkDialog issued={issued} onClose={onClose} />;
  const fault = invite.error?.errors.find(({ pointer }) => pointer === '/email')?.detail;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title}
      description={words.text}
      confirm={invitationLink.send}
      cancel={invitationLink.cancel}
      isBusy={invite.isBusy}
      error={fault === undefined ? messageOf(invite.error) : undefined}
      onConfirm={() => void send()}
    >
      <EmailField label={words.email} error={fault} email={email} onEmail={setEmail} />
    </ConfirmDialog>
  );
}
