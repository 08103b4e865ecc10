import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import { layer } from './layer.ts';
import type { Trigger } from './opened.tsx';
import css from './menu-base.module.css';

export interface MenuProps {
  /** The button that opens it: `<Button>…</Button>` or `<IconButton>`. */
  readonly trigger: Trigger;
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

/** Open at once: it is made when somebody opens it (`menu.tsx`). */
export const MenuBase = ({ trigger, align = 'end', children }: MenuProps) => (
  <Base.Root defaultOpen>
    <Base.Trigger render={trigger} />
    <Base.Portal container={layer}>
      <Base.Positioner sideOffset={6} align={align} className={css['positioner']}>
        <Base.Popup className={css['popup']}>{children}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

export interface ItemProps {
  readonly icon?: ReactNode;
  readonly hint?: ReactNode;
  readonly isDanger?: boolean;
  readonly isCurrent?: boolean;
  readonly isDisabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export const MenuItem = ({ icon, hint, isDanger, isCurrent, isDisabled = false, onSelect, children }: ItemProps) => (
  <Base.Item className={classes(css['item'], isDanger && css['danger'])} disabled={isDisabled} onClick={onSelect}>
    {icon}
    <span className={css['text']}>
      <span>{children}</span>
      {hint !== undefined && <small>{hint}</small>}
    </span>
    {isCurrent && <Check size={16} className={css['check']} aria-hidden />}
  </Base.Item>
);

export interface GroupProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** Items under a title. */
export const MenuGroup = ({ label, children }: GroupProps) => (
  <Base.Group>
    <Base.GroupLabel className={css['label']}>{label}</Base.GroupLabel>
    {children}
  </Base.Group>
);

export const MenuSeparator = () => <Base.Separator className={css['separator']} />;
