import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { PackageCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { orderQuery, toShipQuery, type OrderDetail, type OrderRow } from '../../api/queries/orders.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useShortcuts } from '../../lib/keys.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './order.module.css';

/** What is asked to be cancelled or needs a decision is no next one. */
const isReady = ({ cancelRequestedAt, attentionCode }: OrderRow) =>
  cancelRequestedAt === null && attentionCode === null;

/** The first behind this order; at the end of the queue, the first of it. */
function nextOf(rows: readonly OrderRow[], id: string): OrderRow | undefined {
  const here = rows.findIndex((row) => row.id === id);
  return [...rows.slice(here + 1), ...rows.slice(0, Math.max(0, here))].find((row) => row.id !== id && isReady(row));
}

interface NextToShipProps {
  readonly order: OrderDetail;
  /** False: only its key `n` works. */
  readonly isShown: boolean;
  /** After this person shipped this order; not where somebody looks at an old one. */
  readonly takesFocus: boolean;
}

/** Enter goes on to the next order, so that a clerk never returns to the list. */
export function NextToShip({ order, isShown, takesFocus }: NextToShipProps) {
  const account = useAccountId();
  const navigate = useNavigate();
  const words = useWords().order.next;
  const queue = useQuery(toShipQuery(account, order.side));
  const next = queue.data && nextOf(queue.data.data, order.id);
  // It is here when it is opened: a scan that follows the Enter finds its field.
  useQuery({ ...orderQuery(account, next?.id ?? ''), enabled: next !== undefined, refetchInterval: false });
  useShortcuts({
    n: () => {
      if (next) void navigate({ to: '/$account/orders/$order', params: { account, order: next.id } });
    },
  });
  if (!isShown || !queue.data) return null;
  if (!next)
    return (
      <Card>
        <div className={css['next']}>
          <span>
            <b>{words.none}</b>
            <br />
            <span className="muted">{words.noneHint}</span>
          </span>
          <ButtonLink to="/$account/orders" params={{ account }}>
            {words.toQueue}
          </ButtonLink>
        </div>
      </Card>
    );
  return <Next key={next.id} account={account} next={next} takesFocus={takesFocus} />;
}

interface NextProps {
  readonly account: string;
  readonly next: OrderRow;
  readonly takesFocus: boolean;
}

function Next({ account, next, takesFocus }: NextProps) {
  const words = useWords().order.next;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (takesFocus) link.current?.focus();
  }, [takesFocus]);
  return (
    <Card>
      <div className={css['next']}>
        <PackageCheck size={20} aria-hidden />
        <span>
          {words.title}: <b>{next.number}</b>
          {next.shipTo.name !== null && `, ${next.shipTo.name}`}
        </span>
        <ButtonLink ref={link} look="primary" to="/$account/orders/$order" params={{ account, order: next.id }}>
          {words.open(next.number)} <Kbd>↵</Kbd>
        </ButtonLink>
      </div>
    </Card>
  );
}
