import { cloneElement, Suspense, useState, type ComponentProps, type ReactElement, type ReactNode } from 'react';

type TriggerProps = Pick<
  ComponentProps<'button'>,
  'onClick' | 'onPointerEnter' | 'onFocus' | 'aria-haspopup' | 'aria-expanded'
>;

/** The button that opens something. */
export type Trigger = ReactElement<TriggerProps>;

interface OpenedProps {
  readonly trigger: Trigger;
  readonly opens: 'menu' | 'dialog';
  /** Loads the code, once somebody points at the button. */
  readonly load: () => unknown;
  /** What takes the button's place when it is pressed, open. */
  readonly children: ReactNode;
}

/** Nobody waits for the code of a menu that nobody has opened: it is a quarter of the first file. */
export function Opened({ trigger, opens, load, children }: OpenedProps) {
  const [isWanted, setWanted] = useState(false);
  const closed = cloneElement(trigger, {
    'aria-haspopup': opens,
    'aria-expanded': isWanted,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => setWanted(true),
  });
  return isWanted ? <Suspense fallback={closed}>{children}</Suspense> : closed;
}
