import { Check, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { useWords } from '../../words/use-words.tsx';
import css from './order.module.css';

/** The end of a day here, as the promise of it. @param date `2026-11-30` */
const endOf = (date: string): string => new Date(`${date}T23:59:00`).toISOString();

/** `2026-11-30` of the day in so many days. */
function dateIn(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

interface AcceptProps {
  /** Who sees the promise. */
  readonly merchant: string;
  readonly isBusy: boolean;
  /** Accepted before: only the date changes. */
  readonly isAccepted?: boolean;
  /** Where it stands on a dark bar. */
  readonly size?: 'normal' | 'small';
  /** @param expectedShipAt left out: without a promise of a date */
  readonly onAccept: (expectedShipAt?: string) => void;
}

/** Accepts at once, or with the day on which it ships. */
export function Accept({ merchant, isBusy, isAccepted = false, size = 'normal', onAccept }: AcceptProps) {
  const words = useWords().order.accept;
  const [isAsking, setAsking] = useState(false);
  const [date, setDate] = useState(() => dateIn(2));
  const items = (
    <>
      <MenuItem onSelect={() => onAccept(endOf(dateIn(0)))}>{words.today}</MenuItem>
      <MenuItem onSelect={() => onAccept(endOf(dateIn(1)))}>{words.tomorrow}</MenuItem>
      <MenuItem onSelect={() => setAsking(true)}>{words.other}</MenuItem>
    </>
  );
  return (
    <>
      {isAccepted ? (
        <Menu
          trigger={
            <Button size={size} isBusy={isBusy}>
              {words.change}
              <ChevronDown size={15} aria-hidden />
            </Button>
          }
        >
          {items}
        </Menu>
      ) : (
        <span className={css['pair']}>
          <Button size={size} isBusy={isBusy} onClick={() => onAccept()}>
            <Check size={16} aria-hidden />
            {words.action}
          </Button>
          <Menu
            trigger={
              <IconButton size={size} label={words.withDate} disabled={isBusy}>
                <ChevronDown size={16} aria-hidden />
              </IconButton>
            }
          >
            {items}
          </Menu>
        </span>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={words.title}
        description={words.hint(merchant)}
        confirm={isAccepted ? words.change : words.submit}
        cancel={words.cancel}
        onConfirm={() => {
          if (date === '') return;
          setAsking(false);
          onAccept(endOf(date));
        }}
      >
        <Field label={words.day}>
          {(ids) => (
            <Input
              {...ids}
              type="date"
              required
              min={dateIn(0)}
              // Else a year may have six digits.
              max="9999-12-31"
              value={date}
              onChange={(event) => setDate(event.target.value)}
            />
          )}
        </Field>
      </ConfirmDialog>
    </>
  );
}
