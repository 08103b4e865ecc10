import { useState } from 'react';
import type { Address } from '../../../clients/typescript/src/index.ts';
import type { ApiError } from '../api/client.ts';
import { Field, Input, Select } from '../components/field.tsx';
import { countries } from '../lib/countries.ts';
import { useWords } from '../words/use-words.tsx';
import css from './address-fields.module.css';

const names = ['name', 'company', 'address1', 'address2', 'city', 'province', 'postalCode', 'country', 'phone', 'email'] as const satisfies readonly (keyof Address)[]; // prettier-ignore
type Name = (typeof names)[number];
const needed = new Set<Name>(['name', 'address1', 'country']);
const isWide = new Set<Name>(['address1', 'address2']);

/** An address while a person writes. */
type TypedAddress = Readonly<Record<Name, string>>;

/** Without an address: all fields are empty, in the country of the browser where it names one. */
export const typedOf = (address: Partial<Record<Name, string | undefined>> | null): TypedAddress => ({
  name: address?.name ?? '',
  company: address?.company ?? '',
  address1: address?.address1 ?? '',
  address2: address?.address2 ?? '',
  city: address?.city ?? '',
  province: address?.province ?? '',
  postalCode: address?.postalCode ?? '',
  country: address?.country ?? new Intl.Locale(navigator.language).region ?? 'US',
  phone: address?.phone ?? '',
  email: address?.email ?? '',
});

/** Fields that are empty are absent, but for those that each address has. */
export function addressOf(typed: TypedAddress): Address {
  const { name, address1, country, ...others } = typed;
  const filled = Object.entries(others).flatMap(([field, value]): [string, string][] =>
    value.trim() === '' ? [] : [[field, value.trim()]],
  );
  return { name: name.trim(), address1: address1.trim(), country, ...Object.fromEntries(filled) };
}

export const isSameAddress = (one: TypedAddress, other: TypedAddress): boolean =>
  names.every((name) => one[name] === other[name]);

/** The country alone is no address. */
export const isEmptyAddress = ({ country: _, ...others }: TypedAddress): boolean =>
  Object.values(others).every((value) => value.trim() === '');

type AddressFaults = ReadonlyMap<Name, string>;

/** What a refusal says of each field. @param at where the address is in the body, such as `/shipTo` */
export function addressFaults(error: ApiError | undefined, at: string): AddressFaults {
  const faults = new Map<Name, string>();
  for (const name of names) {
    const fault = error?.errors.find(({ pointer }) => pointer === `${at}/${name}`);
    if (fault) faults.set(name, fault.detail);
  }
  return faults;
}

interface AddressFieldsProps {
  readonly typed: TypedAddress;
  readonly faults: AddressFaults;
  /** All of it may be left empty. */
  readonly isOptional?: boolean;
  readonly onChange: (typed: TypedAddress) => void;
}

/** All fields of an address, in two columns. */
export const AddressFields = ({ typed, faults, isOptional = false, onChange }: AddressFieldsProps) => (
  <div className={css['two']}>
    {names.map((name) => (
      <AddressField
        key={name}
        name={name}
        value={typed[name]}
        fault={faults.get(name)}
        isNeeded={needed.has(name) && !(isOptional && isEmptyAddress(typed))}
        onChange={(value) => onChange({ ...typed, [name]: value })}
      />
    ))}
  </div>
);

interface AddressFieldProps {
  readonly name: Name;
  readonly value: string;
  readonly fault: string | undefined;
  readonly isNeeded: boolean;
  readonly onChange: (value: string) => void;
}

function AddressField({ name, value, fault, isNeeded, onChange }: AddressFieldProps) {
  const words = useWords().common.address;
  const [all] = useState(countries);
  // A shop may have stored what is no code.
  const options = all.some(([code]) => code === value) ? all : [[value, value] as const, ...all];
  return (
    <Field
      label={words[name]}
      error={fault}
      {...(isWide.has(name) && css['wide'] !== undefined && { className: css['wide'] })}
    >
      {(ids) =>
        name === 'country' ? (
          <Select {...ids} value={value} options={options} onChange={({ target }) => onChange(target.value)} />
        ) : (
          <Input
            {...ids}
            required={isNeeded}
            autoComplete="off"
            maxLength={200}
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}
