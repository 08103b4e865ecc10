import { useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import css from './field.module.css';

/** What a control gets, so that its label, hint and error belong to it. */
export interface ControlIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with the value; read out at once. */
  readonly error?: ReactNode;
  readonly className?: string;
  readonly children: (ids: ControlIds) => ReactNode;
}

/** `<Field label="E-mail" error={…}>{(ids) => <Input {...ids} name="email" />}</Field>` */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const hasError = Boolean(error);
  const hasHint = hint !== undefined && hint !== null;
  const described = classes(hasHint && `${id}-hint`, hasError && `${id}-error`);
  return (
    <div className={classes(css['field'], className)}>
      <label className={css['label']} htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': hasError || undefined })}
      {hasError && (
        <p className={css['error']} id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hasHint && (
        <p className={css['hint']} id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Size = { readonly controlSize?: 'normal' | 'small' };

export const Input = ({ className, controlSize, ...rest }: ComponentProps<'input'> & Size) => (
  <input {...rest} className={classes(css['control'], controlSize === 'small' && css['small'], className)} />
);

export const Textarea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea {...rest} className={classes(css['control'], css['textarea'], className)} />
);

type SelectProps = Omit<ComponentProps<'select'>, 'children'> &
  Size & { readonly options: readonly (readonly [value: string, label: string])[] };

/** As wide as its options; in a `Field` as wide as the field. Without a `Field` it needs `aria-label`. */
export const Select = ({ className, controlSize, options, ...rest }: SelectProps) => (
  <select
    {...rest}
    className={classes(css['control'], css['select'], controlSize === 'small' && css['small'], className)}
  >
    {options.map(([value, label]) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
);

type ChoiceProps = Omit<ComponentProps<'input'>, 'type'> & { readonly label: ReactNode; readonly hint?: ReactNode };

export const Checkbox = ({ label, hint, className, ...rest }: ChoiceProps) => (
  <label className={classes(css['choice'], className)}>
    <input {...rest} type="checkbox" className={css['check']} />
    <span>
      {label}
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
);

export const Radio = ({ label, hint, className, ...rest }: ChoiceProps) => (
  <label className={classes(css['choice'], className)}>
    <input {...rest} type="radio" className={css['check']} />
    <span>
      {label}
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
);

/** On or off at once, without a button to save. */
export const Switch = ({ label, hint, className, ...rest }: ChoiceProps) => (
  <label className={classes(css['choice'], className)}>
    <input {...rest} type="checkbox" role="switch" className={css['switch']} />
    <span>
      {label}
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
);

type BareProps = Omit<ComponentProps<'input'>, 'type'> & {
  /** Read out, not shown: `Choose order 10457`. */
  readonly label: string;
  /** Some of the rows below are chosen, not all. */
  readonly isPartly?: boolean;
};

/** The checkbox of a table's row or head. */
export function RowCheckbox({ label, isPartly = false, className, ...rest }: BareProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isPartly;
  }, [isPartly]);
  return (
    <label className={classes(css['bare'], className)}>
      <input {...rest} ref={box} type="checkbox" className={css['check']} />
      <span className="visually-hidden">{label}</span>
    </label>
  );
}

interface ChooseAllProps {
  readonly label: string;
  /** Of the rows, how many are chosen. */
  readonly chosen: number;
  readonly rows: number;
  readonly onChoose: (all: boolean) => void;
}

/** The checkbox of a table's head: all rows, some, or none. */
export const ChooseAll = ({ label, chosen, rows, onChoose }: ChooseAllProps) => (
  <RowCheckbox
    label={label}
    checked={chosen > 0 && chosen === rows}
    isPartly={chosen > 0 && chosen < rows}
    onChange={({ target }) => onChoose(target.checked)}
  />
);
