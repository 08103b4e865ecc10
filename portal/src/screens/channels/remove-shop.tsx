import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { deleteChannel } from '../../api/commands/channels.ts';
import type { Channel } from '../../api/queries/channels.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './channels.module.css';

/** Asked about first, with what follows. */
export function RemoveShop({ shop: { id, name } }: { readonly shop: Channel }) {
  const words = useWords().channels.one;
  const account = useAccountId();
  const navigate = useNavigate();
  const messageOf = useMessage();
  const { say } = useToasts();
  const remove = useCommand(deleteChannel);
  const [isAsked, ask] = useState(false);
  const press = async () => {
    const { error } = await remove.run(id);
    if (error) return;
    say(words.removed(name));
    await navigate({ to: '/$account/channels', params: { account } });
  };
  return (
    <>
      <Button look="danger" onClick={() => ask(true)}>
        <Trash2 size={16} aria-hidden />
        {words.remove}
      </Button>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => {
          ask(false);
          remove.reset();
        }}
        title={words.removeTitle(name)}
        confirm={words.removeConfirm}
        cancel={words.removeCancel}
        look="danger"
        isBusy={remove.isBusy}
        error={messageOf(remove.error)}
        onConfirm={() => void press()}
      >
        <ul className={css['what']}>
          {words.removeList.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </ConfirmDialog>
    </>
  );
}
