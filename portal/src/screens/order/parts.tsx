import { Link } from '@tanstack/react-router';
import type { OrderRow } from '../../api/queries/orders.ts';
import { Card } from '../../components/card.tsx';
import { cell } from '../../components/table.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { classes } from '../../lib/classes.ts';
import { useWords } from '../../words/use-words.tsx';
import { Items, ShipsFrom } from '../orders/row-cells.tsx';
import { StatusBadge } from '../orders/status-badge.tsx';
import css from './order.module.css';

/** The parts of an order that was split: who ships what. */
export function Parts({ rows }: { readonly rows: readonly OrderRow[] }) {
  const account = useAccountId();
  const words = useWords().order;
  return (
    <Card isFlush title={words.parts}>
      <ul className={css['parts']}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              className={classes(cell.key, 'link')}
              to="/$account/orders/$order"
              params={{ account, order: row.id }}
            >
              {row.number}
            </Link>
            <Items row={row} />
            <ShipsFrom row={row} />
            <StatusBadge badge={row.badge} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
