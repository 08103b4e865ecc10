import { useState, type FormEvent } from 'react';
import type { Product, ProductChange } from '../../../../clients/typescript/src/index.ts';
import { updateProduct } from '../../api/commands/products.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Input, Radio } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { draftsOf, faultOf, supplierOf, type Draft } from './drafts.ts';
import { ParcelCard } from './parcel-card.tsx';
import { parcelChangeOf, parcelFaultOf, parcelOf, type ParcelFault } from './parcel.ts';
import { SupplierRows } from './supplier-rows.tsx';
import { fulfillmentTypes } from './types.ts';
import css from './products.module.css';

/** A product with who ships it; stored as a whole. For a viewer its controls are locked. */
export function ProductForm({ product }: { readonly product: Product }) {
  const words = useWords().products.one;
  const { may } = useAccount();
  const canChange = may('write');
  const { say } = useToasts();
  const messageOf = useMessage();
  const update = useCommand(updateProduct);
  const [sku, setSku] = useState(product.sku);
  const [name, setName] = useState(product.name);
  const [type, setType] = useState(product.fulfillmentType);
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => draftsOf(product));
  const [parcel, setParcel] = useState(() => parcelOf(product));
  const [fault, setFault] = useState<string>();
  const [parcelFault, setParcelFault] = useState<ParcelFault>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const found = faultOf(drafts, words);
    const foundOfParcel = parcelFaultOf(parcel);
    setFault(found);
    setParcelFault(foundOfParcel);
    if (found !== undefined || foundOfParcel !== undefined) return;
    const change: ProductChange = {
      sku: sku.trim(),
      name: name.trim(),
      fulfillmentType: type,
      suppliers: drafts.map(supplierOf),
      ...parcelChangeOf(parcel, product),
    };
    const { data } = await update.run({ id: product.id, change });
    if (!data) return;
    setDrafts(draftsOf(data));
    setParcel(parcelOf(data));
    say(words.saved);
  };
  const error = fault ?? messageOf(update.error);
  const details = (
    <Card title={words.details}>
      <div className={css['two']}>
        <Field label={words.sku} hint={words.skuHint}>
          {(ids) => (
            <Input {...ids} required maxLength={200} value={sku} onChange={({ target }) => setSku(target.value)} />
          )}
        </Field>
        <Field label={words.name}>
          {(ids) => (
            <Input {...ids} required maxLength={500} value={name} onChange={({ target }) => setName(target.value)} />
          )}
        </Field>
      </div>
    </Card>
  );
  return (
    <form onSubmit={(event) => void save(event)}>
      <fieldset className={css['fieldset']} disabled={!canChange}>
        <legend className={css['legend']}>{product.name}</legend>
        <div className={css['columns']}>
          <div className="stack">
            {details}
            <ParcelCard
              draft={parcel}
              fault={parcelFault}
              refusal={update.error}
              onChange={(next) => {
                setParcel(next);
                setParcelFault(undefined);
              }}
            />
            <SupplierRows drafts={drafts} canChange={canChange} onChange={setDrafts} />
          </div>
          <div className="stack">
            <Types value={type} onChange={setType} />
            {error !== undefined && <Banner tone="red" title={error} />}
            {canChange && (
              <div className={css['save']}>
                <Button type="submit" look="primary" isBusy={update.isBusy}>
                  {words.save}
                </Button>
              </div>
            )}
          </div>
        </div>
      </fieldset>
    </form>
  );
}

interface TypesProps {
  readonly value: Product['fulfillmentType'];
  readonly onChange: (type: Product['fulfillmentType']) => void;
}

function Types({ value, onChange }: TypesProps) {
  const words = useWords().products;
  return (
    <Card title={words.one.who}>
      <div className={css['radios']} role="radiogroup" aria-label={words.one.who}>
        {fulfillmentTypes.map((type) => (
          <Radio
            key={type}
            name="type"
            label={words.types[type]}
            hint={words.typeHints[type]}
            checked={type === value}
            onChange={() => onChange(type)}
          />
        ))}
      </div>
    </Card>
  );
}
