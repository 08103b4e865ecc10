import type { ReactNode } from 'react';
import { Banner } from './banner.tsx';
import css from './outcome.module.css';

interface OutcomeProps {
  /** In one sentence: `2 rows recorded, 2 rows not.` */
  readonly title: string;
  readonly failed: readonly { readonly key: string; readonly name: ReactNode; readonly reason: ReactNode }[];
  readonly actions?: ReactNode;
}

/** What a batch did: how many worked, and each that failed with its reason. */
export const Outcome = ({ title, failed, actions }: OutcomeProps) => (
  <Banner tone={failed.length > 0 ? 'red' : 'green'} title={title} {...(actions !== undefined && { actions })}>
    {failed.length > 0 && (
      <ul className={css['failed']}>
        {failed.map(({ key, name, reason }) => (
          <li key={key}>
            <b>{name}</b>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
    )}
  </Banner>
);
