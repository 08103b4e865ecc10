import { Check, Diff } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import type { Level } from '../../api/queries/stock.ts';
import { IconButton } from '../../components/button.tsx';
import { Input } from '../../components/field.tsx';
import { useWords } from '../../words/use-words.tsx';
import css from './inventory.module.css';

interface OnHandProps {
  readonly level: Level;
  readonly onHand: number;
  readonly isSaved: boolean;
  readonly onSave: (onHand: number) => void;
  /** `by`: 0 where nothing was typed. */
  readonly onAdjust: (by: number) => void;
}

/** Neither counts nor changes have more digits. */
const counted = /^\d{1,9}$/;
const change = /^[+-]\d{1,9}$/;

/** Enter or leaving saves, Escape takes back, the arrows go to the rows beside it. `+5` and `-2` adjust. */
export function OnHand({ level, onHand, isSaved, onSave, onAdjust }: OnHandProps) {
  const words = useWords().inventory;
  const [draft, setDraft] = useState<string>();
  const [isWrong, setWrong] = useState(false);
  const takeBack = () => {
    setDraft(undefined);
    setWrong(false);
  };
  const commit = () => {
    const text = draft?.trim().replace('−', '-');
    if (text === undefined || text === '') return takeBack();
    const isChange = change.test(text);
    if (!isChange && !counted.test(text)) return setWrong(true);
    takeBack();
    if (isChange) onAdjust(Number(text));
    else if (onHand !== Number(text)) onSave(Number(text));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    if (event.key === 'Escape' || event.key === 'Enter') {
      flushSync(event.key === 'Escape' ? takeBack : commit);
      // The next signs are a new count, not more digits of this one.
      input.select();
    }
    // Leaving saves.
    else if (event.key === 'ArrowDown') neighbour(input, 1)?.focus();
    else if (event.key === 'ArrowUp') neighbour(input, -1)?.focus();
    else return;
    event.preventDefault();
  };
  const errorId = `${level.productId}-${level.warehouseId}-wrong`;
  return (
    <div className={css['onHand']}>
      <span className={css['saved']} role="status">
        {isSaved && draft === undefined && (
          <>
            <Check size={15} aria-hidden />
            <span className="visually-hidden">{words.saved(level.sku)}</span>
          </>
        )}
      </span>
      <Input
        name="on-hand"
        controlSize="small"
        className={css['count']}
        aria-label={words.onHandOf(level.sku, level.warehouseName)}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? errorId : undefined}
        inputMode="numeric"
        autoComplete="off"
        onFocus={(event) => event.target.select()}
        value={draft ?? String(onHand)}
        type="text"
        onChange={(event) => {
          setDraft(event.target.value);
          setWrong(false);
        }}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      <IconButton size="small" look="quiet" label={words.adjust(level.sku)} onClick={() => onAdjust(0)}>
        <Diff size={16} aria-hidden />
      </IconButton>
      {isWrong && (
        <p id={errorId} className={css['wrong']} role="alert">
          {words.wholeNumber}
        </p>
      )}
    </div>
  );
}

/** The same field of the row before or after; rows of suppliers have none. */
function neighbour(input: HTMLInputElement, by: 1 | -1): HTMLInputElement | undefined {
  const all = [...(input.closest('table, ul')?.querySelectorAll<HTMLInputElement>('input[name="on-hand"]') ?? [])];
  return all[all.indexOf(input) + by];
}
