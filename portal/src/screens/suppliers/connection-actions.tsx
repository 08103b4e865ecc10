import { Pause, Play, Unplug } from 'lucide-react';
import { useState } from 'react';
import type { Supplier } from '../../../../clients/typescript/src/index.ts';
import { changeConnection } from '../../api/commands/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { OtherSide } from './answers.tsx';
import css from './supplier.module.css';

type Next = 'active' | 'paused' | 'ended';

interface ActionsProps {
  /** Who is on the other side of the connection. */
  readonly supplier: Pick<Supplier, 'name' | 'status' | 'connectionId'>;
  readonly side: OtherSide;
}

/** Pause, resume, end. The last two are asked about first, with what follows. */
export function ConnectionActions({ supplier, side }: ActionsProps) {
  const words = useWords()[side].one;
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeConnection);
  const [asked, ask] = useState<'paused' | 'ended'>();
  const { name, status, connectionId: id } = supplier;
  const done = { active: words.isResumed, paused: words.isPaused, ended: words.isEnded };
  const become = async (next: Next) => {
    const { error } = await change.run({ id, status: next });
    if (error) return next === 'active' && complain(messageOf(error) ?? '');
    ask(undefined);
    say(done[next](name));
  };
  const close = () => {
    ask(undefined);
    change.reset();
  };
  const dialog = {
    onClose: close,
    isBusy: change.isBusy,
    error: messageOf(change.error),
    look: 'danger',
  } as const;
  if (status !== 'active' && status !== 'paused') return null;
  return (
    <>
      {status === 'active' ? (
        <Button onClick={() => ask('paused')}>
          <Pause size={16} aria-hidden />
          {words.pause}
        </Button>
      ) : (
        <Button look="primary" isBusy={change.isBusy} onClick={() => void become('active')}>
          <Play size={16} aria-hidden />
          {words.resume}
        </Button>
      )}
      <Button look="danger" onClick={() => ask('ended')}>
        <Unplug size={16} aria-hidden />
        {words.end}
      </Button>
      <ConfirmDialog
        {...dialog}
        isOpen={asked === 'paused'}
        look="primary"
        title={words.pauseTitle(name)}
        description={words.pauseText(name)}
        confirm={words.pauseConfirm}
        cancel={words.pauseCancel}
        onConfirm={() => void become('paused')}
      />
      <ConfirmDialog
        {...dialog}
        isOpen={asked === 'ended'}
        title={words.endTitle(name)}
        confirm={words.endConfirm}
        cancel={words.endCancel}
        onConfirm={() => void become('ended')}
      >
        <ul className={css['what']}>
          {words.endList.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </ConfirmDialog>
    </>
  );
}
