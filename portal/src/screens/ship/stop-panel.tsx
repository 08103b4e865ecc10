import { CircleAlert } from 'lucide-react';
import { useAccountId } from '../../lib/account-id.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { Stop } from './line-state.ts';
import type { ScanLine } from './line.ts';
import { orderOf, stopWords } from './stop-words.ts';
import css from './ship.module.css';

interface StopProps {
  readonly stop: Stop;
  readonly waiting: number;
  readonly line: ScanLine;
}

/** A wrong scan. It goes by Escape or by a press, never by Enter: scanners send it. */
export function StopPanel({ stop, waiting, line }: StopProps) {
  const account = useAccountId();
  const words = useWords();
  const { title, hint } = stopWords(stop, words);
  const order = orderOf(stop);
  return (
    <div className={css['stop']}>
      <CircleAlert size={22} aria-hidden />
      <div className={css['stopText']}>
        <div role="alert">
          <strong>{title}</strong>
          <p>{hint}</p>
        </div>
        <div className="row">
          <Button onClick={() => line.escape()} onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}>
            {stop.kind === 'lost' ? words.ship.tryAgain : words.ship.goOn} <Kbd>Esc</Kbd>
          </Button>
          {order && (
            <ButtonLink look="quiet" to="/$account/orders/$order" params={{ account, order: order.id }}>
              {words.ship.openOrder(order.number)}
            </ButtonLink>
          )}
          {waiting > 0 && (
            <Button look="quiet" onClick={() => line.drop()}>
              {words.ship.drop(waiting)}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
