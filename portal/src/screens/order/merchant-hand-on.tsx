import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Product, Supplier } from '../../../../clients/typescript/src/index.ts';
import { handOn } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { productQuery } from '../../api/queries/products.ts';
import { suppliersQuery } from '../../api/queries/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { ButtonLink } from '../../components/button.tsx';
import { ConfirmDialog, Dialog } from '../../components/dialog.tsx';
import { Checkbox, Field, Select } from '../../components/field.tsx';
import { ErrorState, Skeleton } from '../../components/states.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { WhatCrosses } from './merchant-crossing.tsx';
import { openUnits, sumOf } from './rules.ts';
import css from './merchant.module.css';

type Line = OrderDetail['lines'][number];

interface HandOnProps {
  readonly order: OrderDetail;
  readonly onClose: () => void;
}

/** A line with open units, and its product where it has one. */
interface Offered {
  readonly line: Line;
  readonly product: Product | undefined;
}

const isFor = ({ line, product }: Offered, supplierId: string): boolean =>
  line.requiresShipping &&
  product !== undefined &&
  product.fulfillmentType !== 'in_house' &&
  product.suppliers.some((one) => one.supplierId === supplierId);

/** Which lines, to which supplier, and what the supplier sees of them. */
export function HandOnDialog({ order, onClose }: HandOnProps) {
  const words = useWords().merchantOrder.handOn;
  const { id: account } = useAccount();
  const suppliers = useQuery(suppliersQuery(account));
  const lines = order.lines.filter((line) => openUnits(line) > 0);
  const ids = [...new Set(lines.flatMap(({ productId }) => productId ?? []))];
  const products = useQueries({ queries: ids.map((id) => productQuery(account, id)) });
  const error = suppliers.error ?? products.find((one) => one.error)?.error;
  const isHere = suppliers.data && products.every(({ data }) => data);
  if (!isHere)
    return (
      <Dialog isOpen onClose={onClose} title={words.title(order.number)}>
        {error ? <ErrorState error={error} /> : <Skeleton rows={3} />}
      </Dialog>
    );
  const offered = lines.map((line) => ({
    line,
    product: products.find(({ data }) => data?.id === line.productId)?.data,
  }));
  const able = suppliers.data.data.filter(
    ({ id, status }) => (status === 'active' || status === 'paused') && offered.some((one) => isFor(one, id)),
  );
  if (able.length === 0) return <NobodyDialog order={order} onClose={onClose} />;
  return <HandOnForm order={order} offered={offered} suppliers={able} onClose={onClose} />;
}

function NobodyDialog({ order, onClose }: HandOnProps) {
  const words = useWords().merchantOrder.handOn;
  const { id: account } = useAccount();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.nobody}
      description={words.nobodyText}
      actions={
        <ButtonLink
          look="primary"
          to="/$account/products"
          params={{ account }}
          search={order.lines[0] ? { q: order.lines[0].sku } : {}}
        >
          {words.toProducts}
        </ButtonLink>
      }
    />
  );
}

interface FormProps extends HandOnProps {
  readonly offered: readonly Offered[];
  /** Not empty. */
  readonly suppliers: readonly Supplier[];
}

function HandOnForm({ order, offered, suppliers, onClose }: FormProps) {
  const words = useWords().merchantOrder.handOn;
  const messageOf = useMessage();
  const { say } = useToasts();
  const command = useCommand(handOn);
  const key = useIntentKey();
  const [supplierId, setSupplierId] = useState(() => likeliest(offered, suppliers));
  // What a person takes out: all lines of the supplier go at first.
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [isEmpty, setEmpty] = useState(false);
  const supplier = suppliers.find(({ id }) => id === supplierId);
  const chosen = offered.filter((one) => isFor(one, supplierId) && !without.has(one.line.id));
  const units = sumOf(chosen, ({ line }) => openUnits(line));
  const rest = sumOf(offered, ({ line }) => openUnits(line)) - units;
  const toggle = (id: string) => {
    const next = new Set(without);
    if (!next.delete(id)) next.add(id);
    setWithout(next);
    setEmpty(false);
  };
  const run = async () => {
    setEmpty(chosen.length === 0);
    if (chosen.length === 0 || !supplier) return;
    const body = { supplierId, lines: chosen.map(({ line }) => line.id) };
    const { error } = await command.run({ id: order.id, key: key.current(), body });
    if (error) return key.refused(error);
    onClose();
    say(words.done(supplier.name), words.doneText);
  };
  if (!supplier) return null;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(order.number)}
      description={words.text}
      confirm={units > 0 ? words.confirm(units, supplier.name) : words.confirmNone}
      cancel={words.cancel}
      isBusy={command.isBusy}
      error={isEmpty ? words.chooseLine : messageOf(command.error)}
      onConfirm={() => void run()}
    >
      <Field label={words.supplier}>
        {(ids) => (
          <Select
            {...ids}
            value={supplierId}
            options={suppliers.map(
              ({ id, name, status }) => [id, status === 'paused' ? `${name} (${words.paused})` : name] as const,
            )}
            onChange={({ target }) => {
              setSupplierId(target.value);
              setWithout(new Set());
            }}
          />
        )}
      </Field>
      <fieldset className={css['fieldset']}>
        <legend className={css['legend']}>{words.lines}</legend>
        <div className={css['lines']}>
          {offered.map((one) => (
            <OfferedLine
              key={one.line.id}
              offered={one}
              supplier={supplier}
              isChosen={chosen.includes(one)}
              onToggle={() => toggle(one.line.id)}
            />
          ))}
        </div>
      </fieldset>
      {units > 0 && rest > 0 && <p className="muted">{words.restStays(rest)}</p>}
      <WhatCrosses order={order} supplier={supplier} />
    </ConfirmDialog>
  );
}

/** The supplier that is the default of a line, else the first that may get one. */
function likeliest(offered: readonly Offered[], suppliers: readonly Supplier[]): string {
  const defaults = offered.flatMap(({ product }) => product?.suppliers.filter(({ isDefault }) => isDefault) ?? []);
  const byDefault = suppliers.find(({ id }) => defaults.some(({ supplierId }) => supplierId === id));
  return byDefault?.id ?? suppliers[0]?.id ?? '';
}

interface OfferedProps {
  readonly offered: Offered;
  readonly supplier: Supplier;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function OfferedLine({ offered, supplier, isChosen, onToggle }: OfferedProps) {
  const words = useWords().merchantOrder.handOn;
  const { id: account } = useAccount();
  const { line, product } = offered;
  const label = `${openUnits(line)} × ${line.name}`;
  if (isFor(offered, supplier.id))
    return (
      <div className={css['line']}>
        <Checkbox label={label} hint={line.sku} checked={isChosen} onChange={onToggle} />
      </div>
    );
  const isOther = product !== undefined && line.requiresShipping;
  const why = !line.requiresShipping
    ? words.noShipping
    : !product
      ? words.noProduct
      : product.fulfillmentType === 'in_house'
        ? words.inHouse
        : words.notAssigned(supplier.name);
  return (
    <div className={css['line']}>
      <span className={css['what']}>
        {label}
        <small>{why}</small>
      </span>
      {isOther && (
        <Link
          className="link small"
          to="/$account/products/$product"
          params={{ account, product: product.id }}
          aria-label={words.assignSku(line.sku)}
        >
          {words.assign}
        </Link>
      )}
    </div>
  );
}
