import { useState } from 'react';
import type { IssuedInvitation } from '../../../../clients/typescript/src/index.ts';
import { inviteMember } from '../../api/commands/people.ts';
import type { Role } from '../../api/queries/session.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { ConfirmDialog, Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { RoleChoice } from './role-choice.tsx';

/** A link that the service has not mailed. */
export interface Issued {
  readonly email: string;
  readonly link: string;
}

/** Says that the invitation was mailed, or gives its link to `onLink`. */
export function useIssued(onLink: (issued: Issued) => void): (invitation: IssuedInvitation) => void {
  const words = useWords().people.inviting;
  const { say } = useToasts();
  return ({ email, link }) => (link === null ? say(words.mailed(email)) : onLink({ email, link }));
}

interface InviteProps {
  readonly onClose: () => void;
  readonly onLink: (issued: Issued) => void;
}

/** Asks for the e-mail and the role. */
export function InviteDialog({ onClose, onLink }: InviteProps) {
  const words = useWords().people.inviting;
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
      confirm={words.send}
      cancel={words.cancel}
      isBusy={invite.isBusy}
      error={isOfEmail ? undefined : messageOf(error)}
      onConfirm={() => void send()}
    >
      <Field label={words.email} error={isOfEmail && (error?.errors[0]?.detail ?? error?.message)}>
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
      <RoleChoice legend={words.role} role={role} onChoose={setRole} />
    </ConfirmDialog>
  );
}

/** The link, shown once, for the admin to pass on. */
export function LinkDialog({ issued, onClose }: { readonly issued: Issued; readonly onClose: () => void }) {
  const words = useWords().people.inviting;
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
