import type { ReactNode } from 'react';
import css from './products.module.css';

interface ChosenBarProps {
  /** Read out: what is chosen. */
  readonly label: string;
  readonly text: string;
  readonly children: ReactNode;
}

/** At the bottom while rows are chosen: how many, and what to do with them. */
export const ChosenBar = ({ label, text, children }: ChosenBarProps) => (
  <section className={css['bar']} aria-label={label}>
    <span role="status">{text}</span>
    {children}
  </section>
);
