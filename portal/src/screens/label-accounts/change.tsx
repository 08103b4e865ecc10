import { useState } from 'react';
import { changeLabelAccount } from '../../api/commands/label-accounts.ts';
import type { LabelAccount } from '../../api/queries/label-accounts.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { changeOf, draftOf } from './draft.ts';
import { AccountFields, hasFaults } from './fields.tsx';

interface ChangeProps {
  readonly of: LabelAccount;
  readonly onClose: () => void;
}

export function ChangeLabelAccount({ of, onClose }: ChangeProps) {
  const words = useWords().labels.accounts;
  const { say } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeLabelAccount);
  const [draft, setDraft] = useState(() => draftOf(of));
  const confirm = async () => {
    const { data } = await change.run({ id: of.id, change: changeOf(draft) });
    if (!data) return;
    say(words.saved(data.name));
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.changeTitle(of.name)}
      confirm={words.save}
      cancel={words.cancel}
      isBusy={change.isBusy}
      error={hasFaults(change.error) ? undefined : messageOf(change.error)}
      onConfirm={() => void confirm()}
    >
      <AccountFields draft={draft} error={change.error} isStored onChange={setDraft} />
    </ConfirmDialog>
  );
}
