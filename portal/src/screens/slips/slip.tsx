import type { PrintedOrder } from '../../api/queries/slips.ts';
import { Code128 } from '../../components/code128.tsx';
import { date } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { postalLines } from '../order/address.ts';
import { toPack } from './to-pack.ts';
import css from './slips.module.css';

interface SlipProps {
  readonly order: PrintedOrder;
  /** Of the account, for orders that it sells itself. */
  readonly ownName: string;
}

/** One page: the merchant's name, never ours; no price. */
export function Slip({ order, ownName }: SlipProps) {
  const words = useWords().slips;
  const seller = order.side === 'supplying' ? (order.counterpart?.name ?? '') : ownName;
  const lines = toPack(order);
  return (
    <article className={css['slip']} aria-label={words.slipOf(order.number)}>
      <header className={css['head']}>
        <div>
          <p className={css['seller']}>{seller}</p>
          <h2 className={css['name']}>{words.slip}</h2>
        </div>
        <div className={css['code']}>
          <Code128 text={order.number} />
          <span className="mono">{order.number}</span>
        </div>
      </header>
      <div className={css['head']}>
        <div>
          <h3>{words.shipTo}</h3>
          <address className={css['address']}>
            {postalLines(order.shipTo).map((line, at) => (
              <span key={`${at} ${line}`}>{line}</span>
            ))}
          </address>
        </div>
        <dl className={css['facts']}>
          <dt>{words.placed}</dt>
          <dd>{date(order.placedAt)}</dd>
          {order.shippingMethod !== null && (
            <>
              <dt>{words.method}</dt>
              <dd>{order.shippingMethod}</dd>
            </>
          )}
          <dt>{words.units}</dt>
          <dd>{lines.reduce((sum, { units }) => sum + units, 0)}</dd>
        </dl>
      </div>
      <table className={css['table']} aria-label={words.slipOf(order.number)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{words.packed}</span>
            </th>
            <th scope="col">{words.units}</th>
            <th scope="col">{words.sku}</th>
            <th scope="col">{words.item}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, units, sku, name }) => (
            <tr key={id}>
              <td>
                <span className={css['box']} />
              </td>
              <td className={css['units']}>{units}</td>
              <td className="mono">{sku}</td>
              <td>{name}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.notes?.customer !== undefined && (
        <div>
          <h3>{words.note}</h3>
          <p className={css['note']}>{order.notes.customer}</p>
        </div>
      )}
    </article>
  );
}
