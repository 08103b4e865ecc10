import type { ReactNode } from 'react';
import { ago, dateTime } from '../lib/format.ts';
import css from './timeline.module.css';

interface Entry {
  readonly key: string;
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly by: string | null;
  readonly at: string;
  readonly tone?: 'red' | 'green';
}

/** What happened, newest first as given. */
export const Timeline = ({ entries }: { readonly entries: readonly Entry[] }) => (
  <ol className={css['timeline']}>
    {entries.map(({ key, title, note, by, at, tone }) => (
      <li key={key} data-tone={tone}>
        {title}
        {note !== undefined && note !== null && <small>{note}</small>}
        <small>
          {by !== null && `${by} · `}
          <time dateTime={at} title={dateTime(at)}>
            {ago(at)}
          </time>
        </small>
      </li>
    ))}
  </ol>
);
