import { createLink } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useEffect, type ComponentProps, type ReactNode } from 'react';
import css from './page-head.module.css';

interface PageHeadProps {
  readonly title: string;
  /** Beside the title: the badge of its status. */
  readonly badge?: ReactNode;
  readonly sub?: ReactNode;
  /** `<BackLink to=…>Orders</BackLink>` */
  readonly back?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a screen; its title is also that of the browser's tab. */
export function PageHead({ title, badge, sub, back, actions }: PageHeadProps) {
  useEffect(() => void (document.title = `${title} · Vendor Portals`), [title]);
  return (
    <header>
      {back}
      <div className={css['head']}>
        <div>
          <div className={css['title']}>
            <h1>{title}</h1>
            {badge}
          </div>
          {sub !== undefined && <p className={css['sub']}>{sub}</p>}
        </div>
        {actions !== undefined && <div className={css['actions']}>{actions}</div>}
      </div>
    </header>
  );
}

const Anchor = ({ children, ...rest }: ComponentProps<'a'>) => (
  <a {...rest} className={css['back']}>
    <ArrowLeft size={15} aria-hidden />
    {children}
  </a>
);

/** To the list that a page is of. */
export const BackLink = createLink(Anchor);
