import { useId, type ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import css from './card.module.css';

interface CardProps {
  readonly title?: ReactNode;
  /** Beside the title: a badge, a small button. */
  readonly aside?: ReactNode;
  readonly footer?: ReactNode;
  /** For tables and lists, which reach the border. */
  readonly isFlush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ title, aside, footer, isFlush = false, className, children }: CardProps) {
  const id = useId();
  const hasTitle = title !== undefined;
  return (
    <section
      className={classes(css['card'], isFlush && css['flush'], className)}
      {...(hasTitle && { 'aria-labelledby': id })}
    >
      {hasTitle && (
        <div className={css['head']}>
          <h2 id={id}>{title}</h2>
          {aside}
        </div>
      )}
      {isFlush ? children : <div className={css['body']}>{children}</div>}
      {footer !== undefined && <div className={css['foot']}>{footer}</div>}
    </section>
  );
}

/** Names and values, one a line. A value that is null or empty leaves its line out. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className={css['facts']}>
    {facts.map(([name, value]) =>
      value === null || value === undefined || value === '' || value === false ? null : (
        <div key={name} className={css['fact']}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ),
    )}
  </dl>
);
