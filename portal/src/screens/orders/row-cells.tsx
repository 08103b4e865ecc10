import type { OrderRow } from '../../api/queries/orders.ts';
import { Two } from '../../components/table.tsx';
import { day } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { StatusBadge } from './status-badge.tsx';
import css from './orders.module.css';

// Cells that the queue, its cards and an order's page have.

export function Items({ row: { firstLine, lines, units } }: { readonly row: OrderRow }) {
  const words = useWords().orders;
  return (
    <Two
      main={words.item(firstLine.quantity, firstLine.name)}
      sub={lines > 1 ? words.moreItems(lines - 1, units) : firstLine.sku}
    />
  );
}

/** Who ships it, and how far that is. */
export function ShipsFrom({ row }: { readonly row: OrderRow }) {
  const words = useWords().orders;
  const { shipsFrom, counterpart, dropshipStatus, childIds, side } = row;
  if (shipsFrom === 'parts') return <Two main={words.parts(childIds.length)} sub={words.partsSub} />;
  if (shipsFrom === 'supplier' && side === 'selling')
    return (
      <Two main={counterpart?.name ?? words.supplier} {...(dropshipStatus && { sub: words.stages[dropshipStatus] })} />
    );
  return shipsFrom === null ? null : <Two main={words.inHouse} sub={words.inHouseSub} />;
}

/** The badge, and below it what makes it urgent. */
export function StatusCell({ row }: { readonly row: OrderRow }) {
  return (
    <span className={css['status']}>
      <StatusBadge badge={row.badge} />
      <Urgency row={row} />
    </span>
  );
}

export function Urgency({ row: { shipBy, openUnits, units, hasPendingEdit, badge } }: { readonly row: OrderRow }) {
  const words = useWords().orders;
  if (hasPendingEdit) return <small className={css['warn']}>{words.edited}</small>;
  if (openUnits === 0) return null;
  if (shipBy !== null && new Date(shipBy) < new Date())
    return <small className={css['alarm']}>{words.late(day(shipBy))}</small>;
  if (shipBy !== null) return <small>{words.by(day(shipBy))}</small>;
  return badge === 'partly_shipped' && openUnits < units ? <small>{words.open(openUnits)}</small> : null;
}
