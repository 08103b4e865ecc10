import { Field, Select, Textarea } from '../../components/field.tsx';
import { useWords } from '../../words/use-words.tsx';

interface WhyProps<R extends string> {
  readonly label: string;
  readonly reasons: Readonly<Record<R, string>>;
  readonly value: R;
  readonly onChange: (reason: R) => void;
}

/** A choice of reasons, in their order. */
export function Why<R extends string>({ label, reasons, value, onChange }: WhyProps<R>) {
  const known = (given: string): given is R => given in reasons;
  return (
    <Field label={label}>
      {(ids) => (
        <Select
          {...ids}
          value={value}
          options={Object.entries<string>(reasons)}
          onChange={({ target }) => known(target.value) && onChange(target.value)}
        />
      )}
    </Field>
  );
}

/** A note that no other company sees. */
export function Note({ value, onChange }: { readonly value: string; readonly onChange: (note: string) => void }) {
  const words = useWords().order.shipments;
  return (
    <Field label={words.note}>
      {(ids) => <Textarea {...ids} rows={2} value={value} onChange={({ target }) => onChange(target.value)} />}
    </Field>
  );
}

/** For a body: a note that is empty is none. */
export const noteOf = (note: string): { note?: string } => (note.trim() === '' ? {} : { note: note.trim() });
