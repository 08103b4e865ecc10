import type { ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import css from './table.module.css';

/** Classes for cells: `end` for numbers, `key` for the one link of a row. */
export const cell = { end: css['end'] ?? '', key: css['key'] ?? '' };

interface TableProps {
  /** Read out: what the rows are. */
  readonly label: string;
  /** On a phone the rows are in `Cards` beside this table, which then does not show. */
  readonly hasCards?: boolean;
  /** `<thead>` and `<tbody>`, with `<th scope="col">`. */
  readonly children: ReactNode;
}

/** A native table. `data-current="true"` marks the row that the keys are at. */
export const Table = ({ label, hasCards = false, children }: TableProps) => (
  <div className={classes(css['scroll'], hasCards && css['wide'])}>
    <table className={css['table']} aria-label={label}>
      {children}
    </table>
  </div>
);

/** The rows as cards, on phones only. Each `<li>`: a link with `cell.key`, a badge, then `<p>` lines. */
export const Cards = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <ul className={css['cards']} aria-label={label}>
    {children}
  </ul>
);

/** A cell of two lines. */
export const Two = ({ main, sub }: { readonly main: ReactNode; readonly sub?: ReactNode }) => (
  <span className={css['two']}>
    <span>{main}</span>
    {sub !== undefined && sub !== null && sub !== '' && <small>{sub}</small>}
  </span>
);

/** The bar above a table: filters; `end` shows only on wide pages, such as hints of keys. */
export const Tools = ({ end, children }: { readonly end?: ReactNode; readonly children: ReactNode }) => (
  <div className={css['tools']}>
    {children}
    {end !== undefined && <div className={css['toolsEnd']}>{end}</div>}
  </div>
);
