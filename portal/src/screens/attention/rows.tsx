import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listingQuery, type Attention } from '../../api/queries/attention.ts';
import { channelsQuery } from '../../api/queries/channels.ts';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { ago, dateTime } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { DecideOne } from './decide-one.tsx';
import { Fix } from './fix.tsx';
import { UnknownLines } from './unknown-lines.tsx';
import css from './attention.module.css';

interface RowsProps {
  readonly label: string;
  readonly rows: readonly Attention[];
  readonly onDecided: (id: string) => void;
}

export function AttentionRows({ label, rows, onDecided }: RowsProps) {
  const words = useWords().attention;
  return (
    <>
      <Table label={label} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.subject}</th>
            <th scope="col">{words.columns.party}</th>
            <th scope="col">{words.columns.since}</th>
            <th scope="col" className={cell.end}>
              {words.columns.decide}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((attention) => (
            <tr key={attention.id}>
              <th scope="row">
                <Subject attention={attention} />
                <UnknownLines attention={attention} />
              </th>
              <td>
                <Party attention={attention} />
              </td>
              <td>
                <Since attention={attention} />
              </td>
              <td>
                <Decide attention={attention} onDecided={onDecided} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={label}>
        {rows.map((attention) => (
          <li key={attention.id}>
            <Subject attention={attention} />
            <Since attention={attention} />
            <p>
              <Party attention={attention} />
            </p>
            <div className={css['wide']}>
              <UnknownLines attention={attention} />
              <Decide attention={attention} onDecided={onDecided} />
            </div>
          </li>
        ))}
      </Cards>
    </>
  );
}

interface RowProps {
  readonly attention: Attention;
}

/** What it is about: an order, or what a shop changed. */
function Subject({ attention }: RowProps) {
  const words = useWords().attention;
  const { orderId, orderNumber, sku, listingId } = attention;
  const account = useAccountId();
  if (orderId === undefined) return listingId === undefined ? sku : <Changed attention={attention} id={listingId} />;
  return (
    <Two
      main={
        <Link className={css['order']} to="/$account/orders/$order" params={{ account, order: orderId }}>
          {orderNumber ?? orderId}
        </Link>
      }
      sub={sku !== null && sku !== '' && words.sku(sku)}
    />
  );
}

function Changed({ attention: { sku }, id }: RowProps & { readonly id: string }) {
  const words = useWords().attention;
  const { data } = useQuery(listingQuery(useAccountId(), id));
  const changed = data?.skuChanged;
  const named = (text: string) => (text === '' ? words.noSku : text);
  return (
    <Two main={<b>{changed ? words.changed(named(changed.from), named(changed.to)) : sku}</b>} sub={data?.remoteSku} />
  );
}

function Party({ attention: { counterpart, channelId } }: RowProps) {
  const { data } = useQuery(channelsQuery(useAccountId()));
  const { none } = useWords().common;
  const channel = data?.data.find(({ id }) => id === channelId);
  return counterpart?.name ?? channel?.counterpart?.name ?? channel?.name ?? <span className="muted">{none}</span>;
}

const Since = ({ attention: { since } }: RowProps) => (
  <time dateTime={since} title={dateTime(since)}>
    {ago(since)}
  </time>
);

function Decide({ attention, onDecided }: RowProps & Pick<RowsProps, 'onDecided'>) {
  const { may } = useAccount();
  if (!may('write')) return <Fix attention={attention} />;
  return (
    <span className={css['decide']}>
      <Fix attention={attention} />
      <DecideOne
        attention={attention}
        subject={attention.orderNumber ?? attention.sku ?? attention.id}
        onDecided={onDecided}
      />
    </span>
  );
}
