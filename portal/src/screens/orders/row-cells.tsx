import type { OrderRow } from '../../api/queries/orders.ts';
import { Two } from '../../components/table.tsx';
import { useWords } from '../../words/use-words.tsx';

// Cells of two lines that the queue and an order's page have.

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
  const { shipsFrom, counterpart, dropshipStatus, childIds } = row;
  if (shipsFrom === 'parts') return <Two main={words.parts(childIds.length)} sub={words.partsSub} />;
  if (shipsFrom === 'supplier' && row.side === 'selling')
    return (
      <Two main={counterpart?.name ?? words.supplier} {...(dropshipStatus && { sub: words.stages[dropshipStatus] })} />
    );
  return shipsFrom === null ? null : <Two main={words.inHouse} sub={words.inHouseSub} />;
}
