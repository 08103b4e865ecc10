import { deleteLabelAccount } from '../../api/commands/label-accounts.ts';
import type { LabelAccount } from '../../api/queries/label-accounts.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

interface RemoveProps {
  readonly of: LabelAccount;
  readonly onClose: () => void;
}

export function RemoveLabelAccount({ of: { id, name }, onClose }: RemoveProps) {
  const words = useWords().labels.accounts.removing;
  const { say } = useToasts();
  const messageOf = useMessage();
  const remove = useCommand(deleteLabelAccount);
  const confirm = async () => {
    const { error } = await remove.run(id);
    if (error) return;
    say(words.done(name));
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(name)}
      description={words.text}
      confirm={words.confirm}
      cancel={words.cancel}
      look="danger"
      isBusy={remove.isBusy}
      error={messageOf(remove.error)}
      onConfirm={() => void confirm()}
    />
  );
}
