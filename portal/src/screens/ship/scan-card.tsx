import { ScanBarcode } from 'lucide-react';
import { useEffect, useRef, type FormEvent, type KeyboardEvent, type RefObject } from 'react';
import { Card } from '../../components/card.tsx';
import { Input } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { classes } from '../../lib/classes.ts';
import type { Words } from '../../words/en.ts';
import { useWords } from '../../words/use-words.tsx';
import { openOf, type LineState, type Question } from './line-state.ts';
import type { ScanLine } from './line.ts';
import { QuestionPanel } from './question-panel.tsx';
import { StopPanel } from './stop-panel.tsx';
import css from './ship.module.css';

interface ScanProps {
  readonly line: ScanLine;
  readonly state: LineState;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Scanners send a key within a few milliseconds; a person who answers a question pauses. */
const pauseMs = 250;

/** The one field. What is scanned while the line stands waits. */
export function ScanCard({ line, state, field }: ScanProps) {
  const words = useWords();
  const { bench, stop, question } = state;
  const answer = useAnswer(line, question);
  const scan = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = takeFrom(event.currentTarget.querySelector('input'));
    if (text !== '' && !answer.now(text)) line.scan(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    if (event.currentTarget.value === '') line.escape();
    else event.currentTarget.value = '';
  };
  const label = bench ? words.ship.trackingFor(bench.order.number) : words.ship.orderNumber;
  return (
    <Card>
      <form onSubmit={scan} className={css['scan']}>
        <label htmlFor="scan" className={css['label']}>
          <ScanBarcode size={18} aria-hidden />
          {label}
        </label>
        <Input
          ref={field}
          id="scan"
          className={classes(css['field'], stop && css['isStopped'])}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby="scan-state"
          onInput={(event) => answer.soon(event.currentTarget)}
          onKeyDown={onKeyDown}
        />
        <p id="scan-state" className={css['state']} role="status">
          {stateWords(state, words)}
        </p>
      </form>
      {stop && <StopPanel stop={stop} waiting={state.waiting.length} line={line} />}
      {question && <QuestionPanel key={question.scan.key} question={question} line={line} />}
      {!stop && !question && bench && (
        <p className={css['keys']}>
          <Kbd>Esc</Kbd> {words.ship.putAside}
        </p>
      )}
    </Card>
  );
}

/** The text of a field, which is empty afterwards. */
function takeFrom(input: HTMLInputElement | null): string {
  const text = input?.value.trim() ?? '';
  if (input) input.value = '';
  return text;
}

/** A key that answers a question: alone in the field for a moment, or with Enter. */
function useAnswer(line: ScanLine, question: Question | undefined) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = (text: string): boolean => {
    clearTimeout(timer.current);
    const at = /^[1-9]$/.test(text) ? Number(text) - 1 : -1;
    if (question?.kind === 'order' && question.rows[at]) line.chooseOrder(question.rows[at]);
    else if (question?.kind === 'carrier' && question.candidates[at] !== undefined)
      line.chooseCarrier(question.candidates[at]);
    else return false;
    return true;
  };
  const soon = (input: HTMLInputElement) => {
    clearTimeout(timer.current);
    if (!question) return;
    timer.current = setTimeout(() => {
      if (now(input.value)) input.value = '';
    }, pauseMs);
  };
  return { now, soon };
}

function stateWords({ running, waiting, bench, done: [last], again, stop, question }: LineState, words: Words): string {
  const held = waiting.length > 0 ? words.ship.waiting(waiting.length) : '';
  if (stop || question) return held;
  if (running) return [words.ship.working(running.text), held].filter(Boolean).join(' ');
  if (again !== undefined) return words.ship.again(again);
  if (bench) {
    const units = bench.order.lines.reduce((sum, line) => sum + openOf(line), 0);
    return words.ship.ready(bench.order.number, units);
  }
  if (last?.kind === 'shipped' && !last.isVoided)
    return words.ship.recorded(last.order.number, last.shipment.trackingNumber ?? '');
  return '';
}
