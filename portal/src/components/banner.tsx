import { CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import css from './banner.module.css';

interface BannerProps {
  readonly tone?: 'amber' | 'red' | 'blue' | 'green';
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

const icons = { amber: TriangleAlert, red: TriangleAlert, blue: Info, green: CircleCheck };

/** Above what it is about. A red one is read out at once. */
export function Banner({ tone = 'amber', title, children, actions }: BannerProps) {
  const Icon = icons[tone];
  return (
    <div className={classes(css['banner'], tone !== 'amber' && css[tone])} role={tone === 'red' ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden />
      <div className={css['body']}>
        {title !== undefined && <strong>{title}</strong>}
        {children}
        {actions !== undefined && <div className={css['actions']}>{actions}</div>}
      </div>
    </div>
  );
}
