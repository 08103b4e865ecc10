import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, Printer, StickyNote } from 'lucide-react';
import { useRef, useState, type MouseEvent } from 'react';
import { partsQuery, type OrderRow } from '../../api/queries/orders.ts';
import { IconButton } from '../../components/button.tsx';
import { ChooseAll, RowCheckbox } from '../../components/field.tsx';
import { cell, Table, Two } from '../../components/table.tsx';
import { ago, dateTime } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { Items, ShipsFrom, StatusCell } from './row-cells.tsx';
import { isFast, placeOf } from './row-texts.ts';
import type { Choice } from './use-choice.ts';
import { useRowKeys } from './use-row-keys.ts';
import css from './orders.module.css';

interface OrdersTableProps {
  readonly rows: readonly OrderRow[];
  readonly choice: Choice;
  /** The sides whose orders may be among the rows. */
  readonly side: 'selling' | 'supplying' | 'both';
}

export function OrdersTable({ rows, choice, side }: OrdersTableProps) {
  const words = useWords().orders;
  const body = useRef<HTMLTableSectionElement>(null);
  const choose = (id: string) => {
    if (rows.some((row) => row.id === id)) choice.toggle(id);
  };
  const { current, setCurrent } = useRowKeys(body, choose);
  const chosen = rows.filter(({ id }) => choice.ids.has(id)).length;
  const shown = { choice, side, current, onCurrent: setCurrent };
  return (
    <Table label={words.title} hasCards>
      <thead>
        <tr>
          <th scope="col">
            <ChooseAll
              label={words.chooseAll}
              chosen={chosen}
              rows={rows.length}
              onChoose={(all) => (all ? choice.chooseAll(rows.map(({ id }) => id)) : choice.clear())}
            />
          </th>
          <th scope="col">{words.columns.order}</th>
          <th scope="col">
            {{ selling: words.source.channel, supplying: words.source.merchant, both: words.source.both }[side]}
          </th>
          <th scope="col">{words.columns.shipTo}</th>
          <th scope="col">{words.columns.items}</th>
          <th scope="col">{side === 'supplying' ? words.columns.method : words.columns.shipsFrom}</th>
          <th scope="col">{words.columns.placed}</th>
          <th scope="col">{words.columns.status}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row) => (
          <Row key={row.id} row={row} {...shown} />
        ))}
      </tbody>
    </Table>
  );
}

interface RowProps extends Pick<OrdersTableProps, 'choice' | 'side'> {
  readonly row: OrderRow;
  readonly current: string | undefined;
  readonly onCurrent: (id: string) => void;
  readonly isPart?: boolean;
}

function Row(props: RowProps) {
  const { row, choice, side, current, onCurrent, isPart = false } = props;
  const { id: account } = useAccount();
  const words = useWords().orders;
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const page = { to: '/$account/orders/$order', params: { account, order: row.id } } as const;
  const open = (event: MouseEvent) => {
    // What is pressed in a row does its own.
    const isControl = event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
    if (!isControl && window.getSelection()?.isCollapsed !== false) void navigate(page);
  };
  return (
    <>
      <tr data-current={row.id === current} className={css['row']} onClick={open}>
        <td>
          {/* What is chosen is the whole order: its parts have their own pages. */}
          {!isPart && (
            <RowCheckbox
              label={words.choose(row.number)}
              checked={choice.ids.has(row.id)}
              onChange={() => choice.toggle(row.id)}
            />
          )}
        </td>
        <th scope="row">
          <span className={isPart ? css['part'] : css['number']}>
            <Link {...page} className={cell.key} data-row={row.id} onFocus={() => onCurrent(row.id)}>
              {row.number}
            </Link>
            <Marks row={row} />
          </span>
        </th>
        <td>{row.side === 'supplying' ? (row.counterpart?.name ?? row.channelName) : row.channelName}</td>
        <td>
          <Two main={row.shipTo.name} sub={placeOf(row)} />
        </td>
        <td>
          <Items row={row} />
        </td>
        <td>
          {side === 'supplying' ? (
            <span className={isFast(row) ? css['fast'] : undefined}>{row.shippingMethod}</span>
          ) : (
            <span className={css['shipper']}>
              <ShipsFrom row={row} />
              {row.childIds.length > 0 && !isPart && (
                <IconButton
                  size="small"
                  look="quiet"
                  label={isOpen ? words.hideParts(row.number) : words.showParts(row.number)}
                  aria-expanded={isOpen}
                  onClick={() => setOpen(!isOpen)}
                >
                  {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
                </IconButton>
              )}
            </span>
          )}
        </td>
        <td className="num">
          <time dateTime={row.placedAt} title={dateTime(row.placedAt)}>
            {ago(row.placedAt)}
          </time>
        </td>
        <td>
          <StatusCell row={row} />
        </td>
      </tr>
      {isOpen && <PartRows {...props} />}
    </>
  );
}

function PartRows(props: RowProps) {
  const { id: account } = useAccount();
  const { data } = useQuery(partsQuery(account, props.row.childIds));
  return data?.data.map((part) => <Row key={part.id} {...props} row={part} isPart />);
}

function Marks({ row }: { readonly row: OrderRow }) {
  const words = useWords().orders;
  return (
    <>
      {row.printedAt !== null && (
        <span className={css['mark']} title={words.printed}>
          <Printer size={14} aria-hidden />
          <span className="visually-hidden">{words.printed}</span>
        </span>
      )}
      {row.hasNote && (
        <span className={css['mark']} title={words.note}>
          <StickyNote size={14} aria-hidden />
          <span className="visually-hidden">{words.note}</span>
        </span>
      )}
    </>
  );
}
