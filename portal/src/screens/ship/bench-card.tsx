import { Minus, Plus } from 'lucide-react';
import { useState, type KeyboardEvent, type RefObject } from 'react';
import type { ScannedOrder } from '../../api/queries/scan.ts';
import { Badge } from '../../components/badge.tsx';
import { Banner } from '../../components/banner.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Input } from '../../components/field.tsx';
import { Table, cell } from '../../components/table.tsx';
import { country } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { openOf, type Bench } from './line-state.ts';
import type { ScanLine } from './line.ts';
import css from './ship.module.css';

interface BenchProps {
  readonly bench: Bench;
  readonly line: ScanLine;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** The order on the bench: what to pick, in large digits. */
export function BenchCard({ bench: { order, units, box }, line, field }: BenchProps) {
  const words = useWords().ship;
  const lines = order.lines.filter((one) => openOf(one) > 0);
  const rest = lines.reduce((sum, one) => sum + openOf(one) - (units[one.id] ?? 0), 0);
  const { shipTo, counterpart, shippingMethod } = order;
  return (
    <Card
      isFlush
      title={
        <span className={css['benchTitle']}>
          {words.order(order.number)}
          {box > 1 && <Badge tone="blue">{words.box(box)}</Badge>}
        </span>
      }
      aside={
        <Button size="small" look="quiet" onClick={() => line.escape()}>
          {words.putAside}
        </Button>
      }
    >
      <p className={css['to']}>
        {[counterpart?.name, shippingMethod, shipTo.name, shipTo.city, country(shipTo.country)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {order.notes?.customer !== undefined && (
        <div className={css['note']}>
          <Banner title={words.note}>{order.notes.customer}</Banner>
        </div>
      )}
      <Table label={words.order(order.number)}>
        <thead>
          <tr>
            <th scope="col">{words.pick}</th>
            <th scope="col" className={cell.end}>
              {words.inBox}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((one) => (
            <tr key={one.id}>
              <td>
                <b className={css['name']}>{one.name}</b>
                <span className={css['sku']}>{one.sku}</span>
              </td>
              <td className={cell.end}>
                <Units
                  key={`${one.id}-${box}`}
                  orderLine={one}
                  units={units[one.id] ?? 0}
                  onTake={(value) => line.take(one.id, value)}
                  onScan={(text) => line.scan(text)}
                  onDone={() => field.current?.focus()}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      {rest > 0 && <p className={css['rest']}>{words.rest(rest)}</p>}
    </Card>
  );
}

interface UnitsProps {
  readonly orderLine: ScannedOrder['lines'][number];
  readonly units: number;
  readonly onTake: (units: number) => void;
  /** What was scanned into this field in place of a number of units. */
  readonly onScan: (text: string) => void;
  readonly onDone: () => void;
}

function Units({ orderLine, units, onTake, onScan, onDone }: UnitsProps) {
  const words = useWords().ship;
  const [draft, setDraft] = useState<string>();
  const open = openOf(orderLine);
  const step = (by: number) => {
    onTake(Math.min(open, Math.max(0, units + by)));
    onDone();
  };
  const leave = (isEnter: boolean) => {
    const text = draft?.trim() ?? '';
    const value = /^\d{1,7}$/.test(text) ? Number(text) : undefined;
    if (value !== undefined && value <= open) onTake(value);
    else if (isEnter && text !== '') onScan(text);
    setDraft(undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') setDraft(undefined);
    else if (event.key === 'Enter') leave(true);
    else return;
    event.preventDefault();
    onDone();
  };
  return (
    <div className={css['units']}>
      <IconButton
        label={words.fewer(orderLine.name)}
        look="quiet"
        size="small"
        disabled={units === 0}
        onClick={() => step(-1)}
      >
        <Minus size={16} aria-hidden />
      </IconButton>
      <Input
        className={css['digits']}
        aria-label={words.unitsOf(orderLine.name)}
        inputMode="numeric"
        value={draft ?? String(units)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => draft !== undefined && leave(false)}
      />
      <IconButton
        label={words.more(orderLine.name)}
        look="quiet"
        size="small"
        disabled={units === open}
        onClick={() => step(1)}
      >
        <Plus size={16} aria-hidden />
      </IconButton>
      <span className={css['of']}>{words.open(open)}</span>
    </div>
  );
}
