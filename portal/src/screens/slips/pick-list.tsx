import type { PrintedOrder } from '../../api/queries/slips.ts';
import { useWords } from '../../words/use-words.tsx';
import { picksOf } from './to-pack.ts';
import css from './slips.module.css';

/** What to take from the shelves for all chosen orders, summed by SKU. */
export function PickList({ orders }: { readonly orders: readonly PrintedOrder[] }) {
  const words = useWords().slips;
  return (
    <article className={css['slip']} aria-label={words.pickList}>
      <header className={css['head']}>
        <h2 className={css['name']}>{words.pickList}</h2>
        <p>{words.ofOrders(orders.length)}</p>
      </header>
      <table className={css['table']} aria-label={words.pickList}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{words.picked}</span>
            </th>
            <th scope="col">{words.units}</th>
            <th scope="col">{words.sku}</th>
            <th scope="col">{words.item}</th>
            <th scope="col">{words.lines}</th>
          </tr>
        </thead>
        <tbody>
          {picksOf(orders).map(({ sku, name, units, orders: count }) => (
            <tr key={sku === '' ? `\n${name}` : sku}>
              <td>
                <span className={css['box']} />
              </td>
              <td className={css['units']}>{units}</td>
              <td className="mono">{sku}</td>
              <td>{name}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}
