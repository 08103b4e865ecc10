import type { ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import { count } from '../lib/format.ts';
import css from './badge.module.css';

export type Tone = 'grey' | 'blue' | 'green' | 'amber' | 'red' | 'violet';

/** A status in words, with its color. One a row. */
export const Badge = ({ tone = 'grey', children }: { readonly tone?: Tone; readonly children: ReactNode }) => (
  <span className={classes(css['badge'], tone !== 'grey' && css[tone])}>{children}</span>
);

/** A number beside the name of a list. Nothing where it is 0. */
export const Count = ({
  value,
  isAlarm = false,
}: {
  readonly value: number | undefined;
  readonly isAlarm?: boolean;
}) => (value ? <span className={classes(css['count'], isAlarm && css['alarm'])}>{count(value)}</span> : null);
