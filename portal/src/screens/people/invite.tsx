import { useState } from 'react';
import type { IssuedInvitation } from '../../../../clients/typescript/src/index.ts';
import { inviteMember } from '../../api/commands/people.ts';
import type { Role } from '../../api/queries/session.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { EmailField } from '../invitations/email-field.tsx';
import type { Issued } from '../invitations/link-dialog.tsx';
import { RoleChoice } from './role-choice.tsx';

/** Says that the invitation was mailed, or gives its link to `onLink`. */
export function useIssued(onLink: (issued: Issued) => void): (invitation: IssuedInvitation) => void {
  const { mailed } = useWords().invitationLink;
  const { say } = useToasts();
  return ({ email, link }) => (link === null ? say(mailed(email)) : onLink({ email, link }));
}

interface InviteProps {
  readonly onClose: () => void;
  readonly onLink: (issued: Issued) => void;
}

/** Asks for the e-mail and the role. */
export function InviteDialog({ onClose, onLink }: InviteProps) {
  const { people, invitationLink } = useWords();
  const words = people.inviting;
  const messageOf = useMessage();
  const invite = useCommand(inviteMember);
  const issued = useIssued(onLink);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('packer');
  const send = async () => {
    const { data } = await invite.run({ email: email.trim(), role });
    if (!data) return;
    onClose();
    issued(data);
  };
  const { error } = invite;
  const isOfEmail = error?.code === 'member_exists' || error?.errors.some(({ pointer }) => pointer === '/email');
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title}
      description={words.text}
      confirm={invitationLink.send}
      cancel={invitationLink.cancel}
      isBusy={invite.isBusy}
      error={isOfEmail ? undefined : messageOf(error)}
      onConfirm={() => void send()}
    >
      <EmailField
        label={words.email}
        error={isOfEmail && (error?.errors[0]?.detail ?? error?.message)}
        email={email}
        onEmail={setEmail}
      />
      <RoleChoice legend={words.role} role={role} onChoose={setRole} />
    </ConfirmDialog>
  );
}
