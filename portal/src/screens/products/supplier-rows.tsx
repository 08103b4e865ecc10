import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Supplier } from '../../../../clients/typescript/src/index.ts';
import { suppliersQuery } from '../../api/queries/suppliers.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Input, Radio, Select } from '../../components/field.tsx';
import { classes } from '../../lib/classes.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Draft } from './drafts.ts';
import css from './products.module.css';

interface RowsProps {
  readonly drafts: readonly Draft[];
  readonly canChange: boolean;
  readonly onChange: (drafts: readonly Draft[]) => void;
}

/** The suppliers of a product: their SKU, the cost, and which is the default. */
export function SupplierRows({ drafts, canChange, onChange }: RowsProps) {
  const words = useWords().products.one;
  const { id: account } = useAccount();
  const { data } = useQuery(suppliersQuery(account));
  const hasOthers = data?.data.length === 0 || othersOf(data?.data, drafts).length > 0;
  const set = (id: string, change: Partial<Draft>) =>
    onChange(drafts.map((one) => (one.supplierId === id ? { ...one, ...change } : one)));
  const makeDefault = (id: string) => onChange(drafts.map((one) => ({ ...one, isDefault: one.supplierId === id })));
  const remove = (id: string) => onChange(drafts.filter((one) => one.supplierId !== id));
  return (
    <Card
      title={words.suppliers}
      isFlush
      {...(canChange && hasOthers && { footer: <AddSupplier drafts={drafts} onChange={onChange} /> })}
    >
      <p className={css['note']}>{drafts.length === 0 ? words.none : words.suppliersText}</p>
      {drafts.length > 0 && (
        <div className={classes(css['supplier'], css['head'])} aria-hidden>
          <span>{words.supplier}</span>
          <span>{words.theirSku}</span>
          <span>{words.cost}</span>
          <span>{words.default}</span>
        </div>
      )}
      {drafts.map((draft) => (
        <SupplierRow
          key={draft.supplierId}
          draft={draft}
          onSet={(change) => set(draft.supplierId, change)}
          onDefault={() => makeDefault(draft.supplierId)}
          onRemove={() => remove(draft.supplierId)}
        />
      ))}
    </Card>
  );
}

interface RowProps {
  readonly draft: Draft;
  readonly onSet: (change: Partial<Draft>) => void;
  readonly onDefault: () => void;
  readonly onRemove: () => void;
}

function SupplierRow({ draft, onSet, onDefault, onRemove }: RowProps) {
  const words = useWords().products.one;
  const { name } = draft;
  return (
    <div className={css['supplier']} role="group" aria-label={name}>
      <b>{name}</b>
      <Input
        controlSize="small"
        aria-label={words.theirSkuOf(name)}
        placeholder={words.sameSku}
        maxLength={200}
        value={draft.supplierSku}
        onChange={({ target }) => onSet({ supplierSku: target.value })}
      />
      <span className={css['cost']}>
        <Input
          controlSize="small"
          inputMode="decimal"
          aria-label={words.costOf(name)}
          placeholder="0.00"
          value={draft.cost}
          onChange={({ target }) => onSet({ cost: target.value })}
        />
        <Input
          controlSize="small"
          aria-label={words.currencyOf(name)}
          placeholder="USD"
          maxLength={3}
          value={draft.currency}
          onChange={({ target }) => onSet({ currency: target.value.toUpperCase() })}
        />
      </span>
      <Radio
        name="default"
        className={css['default']}
        aria-label={words.makeDefault(name)}
        label={<span className="phone-only">{words.default}</span>}
        checked={draft.isDefault}
        onChange={onDefault}
      />
      <IconButton size="small" look="quiet" label={words.remove(name)} onClick={onRemove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Suppliers that the product has not. */
const othersOf = (suppliers: readonly Supplier[] | undefined = [], drafts: readonly Draft[]): Supplier[] =>
  suppliers.filter(({ id, status }) => status !== 'ended' && !drafts.some(({ supplierId }) => supplierId === id));

function AddSupplier({ drafts, onChange }: Pick<RowsProps, 'drafts' | 'onChange'>) {
  const words = useWords().products.one;
  const { id: account } = useAccount();
  const { data } = useQuery(suppliersQuery(account));
  const [chosen, choose] = useState('');
  const others = othersOf(data?.data, drafts);
  const supplier = others.find(({ id }) => id === chosen) ?? others[0];
  if (data?.data.length === 0)
    return (
      <p>
        {words.noSuppliers}{' '}
        <Link className="link" to="/$account/suppliers" params={{ account }}>
          {words.toSuppliers}
        </Link>
      </p>
    );
  if (!supplier) return null;
  const add = () => {
    const isDefault = drafts.length === 0;
    const { id: supplierId, name } = supplier;
    onChange([...drafts, { supplierId, name, supplierSku: '', cost: '', currency: '', isDefault }]);
    choose('');
  };
  return (
    <div className={css['add']}>
      <Select
        controlSize="small"
        aria-label={words.add}
        value={supplier.id}
        options={others.map(({ id, name }) => [id, name] as const)}
        onChange={({ target }) => choose(target.value)}
      />
      <Button size="small" onClick={add}>
        {words.addButton}
      </Button>
    </div>
  );
}
