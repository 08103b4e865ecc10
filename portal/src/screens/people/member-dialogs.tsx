import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { changeRole, removeMember } from '../../api/commands/people.ts';
import type { Member } from '../../api/queries/people.ts';
import { sessionQuery, type Role } from '../../api/queries/session.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { RoleChoice } from './role-choice.tsx';

interface MemberProps {
  readonly member: Member;
  /** The member is the person who looks. */
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

/** What the person may do has changed: the session is asked for again. */
function useRefreshedSession(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

export function RoleDialog({ member, isSelf, onClose }: MemberProps) {
  const words = useWords();
  const { role: texts } = words.people;
  const { say } = useToasts();
  const messageOf = useMessage();
  const refreshSession = useRefreshedSession();
  const change = useCommand(changeRole);
  const [role, setRole] = useState<Role>(member.role);
  const save = async () => {
    if (role === member.role) return onClose();
    const { error } = await change.run({ userId: member.userId, role });
    if (error) return;
    say(texts.saved(member.name, words.roles[role]));
    onClose();
    if (isSelf) await refreshSession();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={texts.title(member.name)}
      description={texts.text}
      confirm={texts.save}
      cancel={texts.cancel}
      isBusy={change.isBusy}
      error={messageOf(change.error)}
      onConfirm={() => void save()}
    >
      <RoleChoice legend={texts.legend} role={role} onChoose={setRole} />
      {isSelf && role !== member.role && <Banner>{texts.own}</Banner>}
    </ConfirmDialog>
  );
}

export function RemoveDialog({ member, isSelf, onClose }: MemberProps) {
  const { removing, leaving } = useWords().people;
  const { name: account } = useAccount();
  const { say } = useToasts();
  const messageOf = useMessage();
  const navigate = useNavigate();
  const refreshSession = useRefreshedSession();
  const removal = useCommand(removeMember);
  const remove = async () => {
    const { error } = await removal.run(member.userId);
    if (error) return;
    say(isSelf ? leaving.done(account) : removing.done(member.name));
    onClose();
    if (!isSelf) return;
    await refreshSession();
    await navigate({ to: '/' });
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={isSelf ? leaving.title(account) : removing.title(member.name)}
      description={isSelf ? leaving.text(account) : removing.text(member.name, account)}
      confirm={isSelf ? leaving.confirm : removing.confirm}
      cancel={isSelf ? leaving.cancel : removing.cancel}
      look="danger"
      isBusy={removal.isBusy}
      error={messageOf(removal.error)}
      onConfirm={() => void remove()}
    />
  );
}
