import { Select } from './field.tsx';
import { Tools } from './table.tsx';

interface FilterProps<Name extends string> {
  /** Each with the text of no choice, which also names it, and the choices. */
  readonly filters: readonly (readonly [
    name: Name,
    every: string,
    options: readonly (readonly [value: string, text: string])[],
  ])[];
  readonly search: Readonly<Partial<Record<Name, string | undefined>>>;
  /** '' for no choice. */
  readonly onChoose: (name: Name, value: string) => void;
}

/** Filters of a list above it, each a choice of one. */
export const FilterSelects = <Name extends string>({ filters, search, onChoose }: FilterProps<Name>) => (
  <Tools>
    {filters.map(([name, every, options]) => (
      <Select
        key={name}
        controlSize="small"
        aria-label={every}
        value={search[name] ?? ''}
        options={[['', every], ...options]}
        onChange={({ target }) => onChoose(name, target.value)}
      />
    ))}
  </Tools>
);
