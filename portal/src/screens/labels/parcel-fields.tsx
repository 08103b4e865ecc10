import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { labelAccountsQuery } from '../../api/queries/label-accounts.ts';
import { warehousesQuery } from '../../api/queries/stock.ts';
import { Field, Input, Select } from '../../components/field.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { chooseSystem, measuresOf, systems } from '../../lib/measures.ts';
import { useWords } from '../../words/use-words.tsx';
import { inSystem, signatures, type ParcelDraft, type ParcelFault } from './parcel-draft.ts';
import css from './labels.module.css';

interface ParcelFieldsProps {
  readonly draft: ParcelDraft;
  readonly fault: ParcelFault | undefined;
  readonly currency: string;
  /** The merchant of the order, which may lend a label account. */
  readonly merchant: string | undefined;
  readonly isReturn: boolean;
  /** Where the weight is from, if it is known. */
  readonly weightHint: string | undefined;
  readonly onChange: (draft: ParcelDraft) => void;
}

/** The box and what it weighs; from where, and who pays, where there is a choice. */
export function ParcelFields(props: ParcelFieldsProps) {
  const { draft, fault, weightHint, onChange } = props;
  const words = useWords().labels.buy;
  const faultId = useId();
  const { weight, length } = measuresOf(draft.system);
  return (
    <>
      <div className={css['parcel']}>
        <Field
          label={`${words.weight} (${weight})`}
          hint={weightHint}
          error={fault === 'weight' ? words.faults.weight : undefined}
        >
          {(ids) => (
            <Input
              {...ids}
              inputMode="decimal"
              autoComplete="off"
              value={draft.weight}
              onFocus={({ target }) => target.select()}
              onChange={({ target }) => onChange({ ...draft, weight: target.value })}
            />
          )}
        </Field>
        {(['length', 'width', 'height'] as const).map((side) => (
          <Field key={side} label={`${words[side]} (${length})`}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="decimal"
                autoComplete="off"
                {...(fault === 'size' && { 'aria-invalid': true, 'aria-describedby': faultId })}
                value={draft[side]}
                onFocus={({ target }) => target.select()}
                onChange={({ target }) => onChange({ ...draft, [side]: target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      {fault === 'size' && (
        <p className={css['error']} id={faultId} role="alert">
          {words.faults.size}
        </p>
      )}
      <Choices {...props} />
    </>
  );
}

/** What most leave as it is. */
function Choices({ draft, fault, currency, merchant, isReturn, onChange }: ParcelFieldsProps) {
  const words = useWords().labels.buy;
  const account = useAccountId();
  const accounts = useQuery(labelAccountsQuery(account)).data?.data ?? [];
  const warehouses = useQuery(warehousesQuery(account)).data?.data.filter((one) => one.supplierId === null) ?? [];
  const own = accounts.map(({ id, name }) => [id, name] as const);
  return (
    <div className={css['choices']}>
      {(own.length > 1 || (merchant !== undefined && own.length > 0)) && (
        <Field label={words.account}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.account}
              options={merchant === undefined ? own : [['', words.asAgreed(merchant)] as const, ...own]}
              onChange={({ target }) => onChange({ ...draft, account: target.value })}
            />
          )}
        </Field>
      )}
      {warehouses.length > 1 && (
        <Field label={isReturn ? words.to : words.from}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.warehouse}
              options={[['', words.usualWarehouse] as const, ...warehouses.map(({ id, name }) => [id, name] as const)]}
              onChange={({ target }) => onChange({ ...draft, warehouse: target.value })}
            />
          )}
        </Field>
      )}
      <details className={css['more']} {...(fault === 'insured' && { open: true })}>
        <summary>{words.more}</summary>
        <div className={css['choices']}>
          <Field
            label={`${words.insured} (${currency})`}
            error={fault === 'insured' ? words.faults.insured : undefined}
          >
            {(ids) => (
              <Input
                {...ids}
                inputMode="decimal"
                autoComplete="off"
                value={draft.insured}
                onChange={({ target }) => onChange({ ...draft, insured: target.value })}
              />
            )}
          </Field>
          <Field label={words.signature}>
            {(ids) => (
              <Select
                {...ids}
                value={draft.signature}
                options={signatures.map((one) => [one, words.signatures[one]] as const)}
                onChange={({ target }) =>
                  onChange({ ...draft, signature: signatures.find((one) => one === target.value) ?? 'none' })
                }
              />
            )}
          </Field>
          <Field label={words.system}>
            {(ids) => (
              <Select
                {...ids}
                value={draft.system}
                options={systems.map((one) => [one, words.systems[one]] as const)}
                onChange={({ target }) => {
                  const system = systems.find((one) => one === target.value) ?? draft.system;
                  chooseSystem(system);
                  onChange(inSystem(draft, system));
                }}
              />
            )}
          </Field>
        </div>
      </details>
    </div>
  );
}
