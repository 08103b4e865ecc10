import { Link } from '@tanstack/react-router';
import type { Product } from '../../../../clients/typescript/src/index.ts';
import { ChooseAll, RowCheckbox } from '../../components/field.tsx';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './products.module.css';

interface ListProps {
  readonly rows: readonly Product[];
  /** By id; also rows that are no longer shown. */
  readonly chosen: ReadonlyMap<string, Product>;
  readonly onChoose: ((chosen: ReadonlyMap<string, Product>) => void) | undefined;
}

export function ProductList({ rows, chosen, onChoose }: ListProps) {
  const words = useWords().products;
  const toggle = (product: Product) => {
    const next = new Map(chosen);
    if (!next.delete(product.id)) next.set(product.id, product);
    onChoose?.(next);
  };
  const chooseAll = (all: boolean) => {
    const next = new Map(chosen);
    for (const product of rows) {
      if (all) next.set(product.id, product);
      else next.delete(product.id);
    }
    onChoose?.(next);
  };
  const box = (product: Product) =>
    onChoose && (
      <RowCheckbox
        label={words.choose(product.sku)}
        checked={chosen.has(product.id)}
        onChange={() => toggle(product)}
      />
    );
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            {onChoose && (
              <th scope="col">
                <ChooseAll
                  label={words.chooseAll}
                  chosen={rows.filter(({ id }) => chosen.has(id)).length}
                  rows={rows.length}
                  onChoose={chooseAll}
                />
              </th>
            )}
            <th scope="col">{words.columns.product}</th>
            <th scope="col">{words.columns.type}</th>
            <th scope="col">{words.columns.suppliers}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((product) => (
            <tr key={product.id}>
              {onChoose && <td>{box(product)}</td>}
              <th scope="row">
                <Two main={<Name product={product} />} sub={product.sku} />
              </th>
              <td>{words.types[product.fulfillmentType]}</td>
              <td>
                <Suppliers product={product} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.title}>
        {rows.map((product) => (
          <li key={product.id}>
            <Name product={product} />
            <span className={css['above']}>{box(product)}</span>
            <p>
              {product.sku} · {words.types[product.fulfillmentType]}
            </p>
            <p>
              <Suppliers product={product} />
            </p>
          </li>
        ))}
      </Cards>
    </>
  );
}

function Name({ product: { id, name } }: { readonly product: Product }) {
  const { id: account } = useAccount();
  return (
    <Link className={cell.key} to="/$account/products/$product" params={{ account, product: id }}>
      {name}
    </Link>
  );
}

/** The default first. */
function Suppliers({ product: { suppliers } }: { readonly product: Product }) {
  const words = useWords().products;
  if (suppliers.length === 0) return <span className="muted">{words.noSupplier}</span>;
  const sorted = [...suppliers].sort((one, other) => Number(other.isDefault) - Number(one.isDefault));
  const isMarked = suppliers.length > 1;
  return sorted
    .map(({ name, isDefault }) => (isDefault && isMarked ? `${name} (${words.isDefault})` : name))
    .join(', ');
}
