import { useState } from 'react';
import type { ApiError } from '../../api/client.ts';
import { Card } from '../../components/card.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { countries } from '../../lib/countries.ts';
import { measuresOf } from '../../lib/measures.ts';
import { useWords } from '../../words/use-words.tsx';
import type { ParcelDraft, ParcelFault } from './parcel.ts';
import css from './products.module.css';

interface ParcelCardProps {
  readonly draft: ParcelDraft;
  readonly fault: ParcelFault | undefined;
  /** What the service said of the product, as it was sent. */
  readonly refusal: ApiError | undefined;
  readonly onChange: (draft: ParcelDraft) => void;
}

/** Where in the body the fields are. */
const places = { weight: '/weightGrams', bin: '/bin', hsCode: '/hsCode', value: '/customsValue', currency: '/customsValue/currency' } as const; // prettier-ignore

/** What labels, customs and pick lists ask about one unit. */
export function ParcelCard({ draft, fault, refusal, onChange }: ParcelCardProps) {
  const words = useWords().products.parcel;
  const [all] = useState(countries);
  const errorOf = (name: keyof typeof places) =>
    fault?.field === name
      ? words.faults[fault.field]
      : refusal?.errors.find(({ pointer }) => pointer === places[name])?.detail;
  const field = (name: keyof typeof places, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={errorOf(name)}>
      {(ids) => (
        <Input
          {...ids}
          autoComplete="off"
          maxLength={name === 'currency' ? 3 : 50}
          {...((name === 'weight' || name === 'value') && { inputMode: 'decimal' as const })}
          value={draft[name]}
          onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <Card title={words.title}>
      <div className="stack">
        <p className="muted">{words.text}</p>
        <div className={css['halves']}>
          {field('weight', words.weight(measuresOf(draft.system).weight), words.weightHint)}
          {field('bin', words.bin, words.binHint)}
          {field('hsCode', words.hsCode, words.hsCodeHint)}
          <Field label={words.origin}>
            {(ids) => (
              <Select
                {...ids}
                value={draft.origin}
                options={[['', words.noOrigin] as const, ...all]}
                onChange={({ target }) => onChange({ ...draft, origin: target.value })}
              />
            )}
          </Field>
          {field('value', words.value, words.valueHint)}
          {field('currency', words.currency)}
        </div>
      </div>
    </Card>
  );
}
