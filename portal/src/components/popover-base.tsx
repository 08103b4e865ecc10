import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { layer } from './layer.ts';
import type { Trigger } from './opened.tsx';
import css from './popover-base.module.css';

export interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: Trigger;
  readonly title: string;
  readonly children: ReactNode;
}

/** A small page over the page, with a title. */
export const PopoverBase = ({ trigger, title, children }: PopoverProps) => (
  <Base.Root defaultOpen>
    <Base.Trigger render={trigger} />
    <Base.Portal container={layer}>
      <Base.Positioner sideOffset={6} align="end" className={css['positioner']}>
        <Base.Popup className={css['popup']}>
          <Base.Title className={css['title']}>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);
