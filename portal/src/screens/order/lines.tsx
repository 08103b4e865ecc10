import type { ReactNode } from 'react';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { Card } from '../../components/card.tsx';
import { Input } from '../../components/field.tsx';
import { cell, Table } from '../../components/table.tsx';
import { classes } from '../../lib/classes.ts';
import { count } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { openUnits } from './rules.ts';
import css from './order.module.css';

type Line = OrderDetail['lines'][number];

function Item({ line }: { readonly line: Line }) {
  const words = useWords().order.ship;
  const { name, sku, cancelled, cancelRequested, available } = line;
  const isShort = available !== null && available < 0 && openUnits(line) > 0;
  return (
    <div className={css['item']}>
      <b>{name}</b>
      <small>{sku}</small>
      {cancelled > 0 && <small>{words.cancelled(cancelled)}</small>}
      {cancelRequested > 0 && <small className={css['alarm']}>{words.asked(cancelRequested)}</small>}
      {isShort && <small>{words.short(-available)}</small>}
    </div>
  );
}

/** Lines with the units of each. `last`: the head and the cells of a column behind them. */
function Lines({
  lines,
  last,
}: {
  readonly lines: readonly Line[];
  readonly last?: { readonly head: string; readonly cellOf: (line: Line) => ReactNode };
}) {
  const words = useWords().order;
  const number = last ? classes(cell.end, 'wide-only') : cell.end;
  return (
    <Table label={words.items}>
      <thead>
        <tr>
          <th scope="col">{words.ship.item}</th>
          <th scope="col" className={number}>
            {words.ship.ordered}
          </th>
          <th scope="col" className={number}>
            {words.ship.shipped}
          </th>
          {last && (
            <th scope="col" className={cell.end}>
              {last.head}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id}>
            <td>
              <Item line={line} />
            </td>
            <td className={number}>{count(line.quantity)}</td>
            <td className={number}>{count(line.shipped)}</td>
            {last && <td className={cell.end}>{last.cellOf(line)}</td>}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

interface LinesToShipProps {
  readonly lines: readonly Line[];
  readonly textOf: (line: Line) => string;
  readonly onEnter: (line: Line, text: string) => void;
}

export function LinesToShip({ lines, textOf, onEnter }: LinesToShipProps) {
  const words = useWords().order.ship;
  const field = (line: Line) => (
    <Input
      type="number"
      inputMode="numeric"
      min={0}
      max={openUnits(line)}
      className={css['units']}
      controlSize="small"
      aria-label={words.inThisOneOf(line.name)}
      value={textOf(line)}
      disabled={openUnits(line) === 0}
      onFocus={(event) => event.target.select()}
      onChange={(event) => onEnter(line, event.target.value)}
    />
  );
  return <Lines lines={lines} last={{ head: words.inThisOne, cellOf: field }} />;
}

/** The lines where nothing is to ship. */
export function Items({ lines }: { readonly lines: readonly Line[] }) {
  const words = useWords().order;
  return (
    <Card isFlush title={words.items}>
      <Lines lines={lines} />
    </Card>
  );
}
