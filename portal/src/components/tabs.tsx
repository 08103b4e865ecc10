import { createLink } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { Count } from './badge.tsx';
import css from './tabs.module.css';

/** Views of one list. They change the address, so they are links. */
export const Tabs = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <nav className={css['tabs']} aria-label={label}>
    {children}
  </nav>
);

interface TabProps extends ComponentProps<'a'> {
  readonly isCurrent: boolean;
  readonly count?: number | undefined;
  readonly isAlarm?: boolean;
}

// The router would mark a tab by its address alone; a view that is the default has none of its own.
const Anchor = ({ isCurrent, count, isAlarm = false, children, ...rest }: TabProps) => (
  <a {...rest} className={css['tab']} aria-current={isCurrent ? 'page' : undefined}>
    {children}
    <Count value={count} isAlarm={isAlarm} />
  </a>
);

/** `<Tab to="/$account/orders" params={{ account }} search={{ view: 'shipped' }} isCurrent={…} count={3}>Shipped</Tab>` */
export const Tab = createLink(Anchor);
