import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { classes } from '../lib/classes.ts';
import { Button } from './button.tsx';
import { Banner } from './banner.tsx';
import css from './dialog-base.module.css';

export interface DialogProps {
  readonly isOpen: boolean;
  /** Also by Escape and by a press outside. */
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** What follows from it, in a sentence. */
  readonly description?: ReactNode;
  readonly isWide?: boolean;
  readonly children?: ReactNode;
  /** Buttons, the one that does it last. */
  readonly actions?: ReactNode;
  /** Where the focus goes afterwards; left out, back to what opened it. */
  readonly finalFocus?: RefObject<HTMLElement | null> | undefined;
}

export const DialogBase = ({
  isOpen,
  onClose,
  title,
  description,
  isWide,
  children,
  actions,
  finalFocus,
}: DialogProps) => (
  <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
    <Base.Portal>
      <Base.Backdrop className={css['backdrop']} />
      <Base.Popup className={classes(css['dialog'], isWide && css['wide'])} {...(finalFocus && { finalFocus })}>
        <Base.Title className={css['title']}>{title}</Base.Title>
        {description !== undefined && <Base.Description className={css['description']}>{description}</Base.Description>}
        {children !== undefined && <div className={css['body']}>{children}</div>}
        {actions !== undefined && <div className={css['actions']}>{actions}</div>}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);

export interface ConfirmProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** The verb with its object: `Reject order`. */
  readonly confirm: string;
  /** What happens instead: `Keep the order`. */
  readonly cancel: string;
  readonly look?: 'primary' | 'danger';
  readonly isBusy?: boolean;
  readonly error?: string | undefined;
  readonly onConfirm: () => void;
  readonly finalFocus?: DialogProps['finalFocus'];
  readonly children?: ReactNode;
}

/** Before what cannot be taken back. Its fields are `children`; Enter in them confirms. */
export function ConfirmBase(props: ConfirmProps) {
  const { isOpen, onClose, title, description, confirm, cancel, children, error, onConfirm } = props;
  const { look = 'primary', isBusy = false, finalFocus } = props;
  return (
    <DialogBase
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      finalFocus={finalFocus}
      {...(description !== undefined && { description })}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) onConfirm();
        }}
      >
        {children}
        {error !== undefined && <Banner tone="red" title={error} />}
        <div className={css['actions']}>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" look={look} isBusy={isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </DialogBase>
  );
}
