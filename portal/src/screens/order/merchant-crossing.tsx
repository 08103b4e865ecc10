import { Link } from '@tanstack/react-router';
import type { Supplier } from '../../../../clients/typescript/src/index.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { shareableFields, type SharedField } from '../suppliers/shared.ts';
import { addressLines } from './address.ts';
import css from './merchant.module.css';

/** What this order has of each field that is shared or not; undefined where it has nothing to show. */
function valuesOf({
  shipTo,
  billTo,
  notes,
  tags,
  lines,
}: OrderDetail): Readonly<Record<SharedField, string | undefined>> {
  return {
    phone: shipTo.phone,
    email: shipTo.email,
    billTo: billTo && addressLines(billTo).join(', '),
    customerNote: notes?.customer,
    internalNote: notes?.internal,
    prices: lines.some(({ unitPrice }) => unitPrice) ? '' : undefined,
    costs: '',
    tags: tags?.join(', '),
  };
}

interface CrossingProps {
  readonly order: OrderDetail;
  readonly supplier: Supplier;
}

/** What the supplier sees of this order, by what is shared with it. */
export function WhatCrosses({ order, supplier }: CrossingProps) {
  const words = useWords();
  const { handOn } = words.merchantOrder;
  const { id: account } = useAccount();
  const names = words.suppliers.shared.fields;
  const values = valuesOf(order);
  const there = shareableFields.filter((field) => values[field] !== undefined);
  const shared = there.filter((field) => supplier.sharedFields.includes(field));
  const hidden = there.filter((field) => !supplier.sharedFields.includes(field));
  return (
    <section className={css['crossing']} aria-label={handOn.crosses(supplier.name)}>
      <h3>{handOn.crosses(supplier.name)}</h3>
      <p>{handOn.always}</p>
      {shared.length > 0 && (
        <dl>
          {shared.map((field) => (
            <Value key={field} name={names[field]} value={values[field] ?? ''} />
          ))}
        </dl>
      )}
      {hidden.length > 0 && (
        <p className="muted">
          {handOn.never}: {hidden.map((field) => names[field]).join(', ')}.
        </p>
      )}
      <Link className="link small" to="/$account/suppliers/$supplier" params={{ account, supplier: supplier.id }}>
        {handOn.changeShared}
      </Link>
    </section>
  );
}

const Value = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value === '' ? '✓' : value}</dd>
  </>
);
