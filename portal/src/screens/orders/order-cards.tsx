import { Link } from '@tanstack/react-router';
import type { OrderRow } from '../../api/queries/orders.ts';
import { RowCheckbox } from '../../components/field.tsx';
import { cell, Cards } from '../../components/table.tsx';
import { ago } from '../../lib/format.ts';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import { Urgency } from './row-cells.tsx';
import { StatusBadge } from './status-badge.tsx';
import type { Choice } from './use-choice.ts';
import css from './orders.module.css';

interface OrderCardsProps {
  readonly rows: readonly OrderRow[];
  readonly choice: Choice;
}

/** The queue on a phone. */
export function OrderCards({ rows, choice }: OrderCardsProps) {
  const account = useAccountId();
  const words = useWords().orders;
  return (
    <Cards label={words.title}>
      {rows.map((row) => (
        <li key={row.id}>
          <span className={css['cardTitle']}>
            <RowCheckbox
              label={words.choose(row.number)}
              className={css['cardBox'] ?? ''}
              checked={choice.ids.has(row.id)}
              onChange={() => choice.toggle(row.id)}
            />
            <Link className={cell.key} to="/$account/orders/$order" params={{ account, order: row.id }}>
              {[row.number, row.shipTo.name].filter(Boolean).join(' · ')}
            </Link>
          </span>
          <StatusBadge badge={row.badge} />
          <p>
            {words.item(row.firstLine.quantity, row.firstLine.name)}
            {row.lines > 1 && ` ${words.moreItems(row.lines - 1, row.units)}`}
          </p>
          <p>
            {[partyOf(row), ago(row.placedAt), row.side === 'supplying' && row.shippingMethod]
              .filter(Boolean)
              .join(' · ')}{' '}
            <Urgency row={row} />
          </p>
        </li>
      ))}
    </Cards>
  );
}

/** The merchant, or the supplier that ships, or the channel. */
const partyOf = ({ counterpart, channelName }: OrderRow): string => counterpart?.name ?? channelName;
