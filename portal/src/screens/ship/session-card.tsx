import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Done, Named } from './line-state.ts';
import type { ScanLine } from './line.ts';
import { stopWords } from './stop-words.ts';
import { VoidBox } from './void-box.tsx';
import css from './ship.module.css';

interface SessionProps {
  readonly done: readonly Done[];
  readonly line: ScanLine;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** What this session did, the newest first. The last box can be voided here; the others on their orders. */
export function SessionCard({ done, line, field }: SessionProps) {
  const words = useWords().ship;
  const shipped = done.filter((one) => one.kind === 'shipped' && !one.isVoided);
  const last = done.find((one) => one.kind === 'shipped');
  return (
    <Card title={words.session} aside={<Badge tone="green">{words.shippedCount(shipped.length)}</Badge>}>
      {done.length === 0 ? (
        <p className="muted">{words.sessionEmpty}</p>
      ) : (
        <ol className={css['session']} aria-label={words.session}>
          {done.map((one) => (
            <li key={one.key} data-kind={one.kind}>
              <Entry one={one} />
              {one === last && last?.kind === 'shipped' && !last.isVoided && (
                <VoidBox box={last} field={field} onVoided={() => line.voided(one.key)} />
              )}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Entry({ one }: { readonly one: Done }) {
  const words = useWords();
  if (one.kind === 'dropped')
    return (
      <>
        <span>{words.ship.dropped}</span>
        <small className="mono">{one.text}</small>
      </>
    );
  if (one.kind === 'refused') {
    const { title } = stopWords(one.stop, words);
    return <span>{title}</span>;
  }
  if (one.kind === 'aside')
    return (
      <>
        <OrderLink order={one.order} />
        <small>{words.ship.aside}</small>
      </>
    );
  const { shipment, units, isVoided } = one;
  return (
    <>
      <span className="row">
        <OrderLink order={one.order} />
        {isVoided && <Badge tone="red">{words.ship.isVoided}</Badge>}
      </span>
      <small className={css['tracking']}>{shipment.trackingNumber}</small>
      <small>{words.ship.shippedUnits(units, shipment.carrierName ?? '')}</small>
    </>
  );
}

function OrderLink({ order }: { readonly order: Named }) {
  const account = useAccountId();
  return (
    <Link className={css['number']} to="/$account/orders/$order" params={{ account, order: order.id }}>
      {order.number}
    </Link>
  );
}
