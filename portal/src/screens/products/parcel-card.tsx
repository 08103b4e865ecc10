import { useState } from 'react';
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
  readonly onChange: (draft: ParcelDraft) => void;
}

/** What labels, customs and pick lists ask about one unit. */
export function ParcelCard({ draft, fault, onChange }: ParcelCardProps) {
  const words = useWords().products.parcel;
  const [all] = useState(countries);
  const field = (name: Exclude<keyof ParcelDraft, 'system' | 'origin'>, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={fault?.field === name ? words.faults[fault.field] : undefined}>
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
