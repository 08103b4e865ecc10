import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { productSearchQuery } from '../../api/queries/products.ts';
import { Radio } from '../../components/field.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import { SearchField } from '../products/search-field.tsx';
import css from './attention.module.css';

interface RelinkChoiceProps {
  /** What the shop calls it now. */
  readonly sku: string;
  /** Undefined: the product with that SKU. */
  readonly value: string | undefined;
  readonly onChange: (productId: string | undefined) => void;
}

export function RelinkChoice({ sku, value, onChange }: RelinkChoiceProps) {
  const words = useWords().attention.relink;
  const account = useAccountId();
  const [q, setQ] = useState('');
  const query = useQuery(productSearchQuery(account, q));
  return (
    <fieldset className="plain">
      <legend>{words.title}</legend>
      <p className="muted small">{words.text(sku)}</p>
      <SearchField label={words.search} placeholder={words.search} value={q} onSearch={setQ} />
      <div className={css['found']}>
        <Radio
          name="product"
          label={words.bySku(sku)}
          checked={value === undefined}
          onChange={() => onChange(undefined)}
        />
        <Loaded query={query} skeleton={<Skeleton rows={2} />}>
          {({ data }) =>
            data.length === 0 ? (
              <p className="muted">{words.none}</p>
            ) : (
              data.map((product) => (
                <Radio
                  key={product.id}
                  name="product"
                  label={product.name}
                  hint={product.sku}
                  checked={product.id === value}
                  onChange={() => onChange(product.id)}
                />
              ))
            )
          }
        </Loaded>
      </div>
    </fieldset>
  );
}
