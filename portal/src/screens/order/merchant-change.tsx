import { useState } from 'react';
import type { Address, OrderChange } from '../../../../clients/typescript/src/index.ts';
import { changeOrder } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field, Input, Select, Textarea } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { countries } from '../../lib/countries.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './merchant.module.css';

type Name = keyof Address;
type Typed = Readonly<Record<Name, string>>;

const names = ['name', 'company', 'address1', 'address2', 'city', 'province', 'postalCode', 'country', 'phone', 'email'] as const satisfies readonly Name[]; // prettier-ignore
const isNeeded = new Set<Name>(['name', 'address1', 'country']);
const isWide = new Set<Name>(['address1', 'address2']);

const typedOf = ({ shipTo }: OrderDetail): Typed => ({
  name: shipTo.name,
  company: shipTo.company ?? '',
  address1: shipTo.address1,
  address2: shipTo.address2 ?? '',
  city: shipTo.city,
  province: shipTo.province ?? '',
  postalCode: shipTo.postalCode,
  country: shipTo.country,
  phone: shipTo.phone ?? '',
  email: shipTo.email ?? '',
});

/** Fields that are empty are absent, but for those that each address has. */
function addressOf(typed: Typed): Address {
  const { name, address1, country, ...others } = typed;
  const filled = Object.entries(others).flatMap(([field, value]): [string, string][] =>
    value.trim() === '' ? [] : [[field, value.trim()]],
  );
  return { name: name.trim(), address1: address1.trim(), country, ...Object.fromEntries(filled) };
}

interface Notes {
  readonly customer: string;
  readonly internal: string;
}

const notesOf = ({ customer, internal }: Notes): NonNullable<OrderChange['notes']> => ({
  ...(customer.trim() !== '' && { customer }),
  ...(internal.trim() !== '' && { internal }),
});

interface ChangeProps {
  readonly order: OrderDetail;
  readonly onClose: () => void;
}

/** Ship-to and notes. Only what has changed is sent. */
export function ChangeDialog({ order, onClose }: ChangeProps) {
  const words = useWords().merchantOrder.change;
  const messageOf = useMessage();
  const { say } = useToasts();
  const change = useCommand(changeOrder);
  const before = {
    typed: typedOf(order),
    customer: order.notes?.customer ?? '',
    internal: order.notes?.internal ?? '',
  };
  const [typed, setTyped] = useState(before.typed);
  const [notes, setNotes] = useState<Notes>({ customer: before.customer, internal: before.internal });
  const [isSame, setSame] = useState(false);
  const run = async () => {
    const isMoved = names.some((name) => typed[name] !== before.typed[name]);
    const isNoted = notes.customer !== before.customer || notes.internal !== before.internal;
    setSame(!isMoved && !isNoted);
    if (!isMoved && !isNoted) return;
    const body = { ...(isMoved && { shipTo: addressOf(typed) }), ...(isNoted && { notes: notesOf(notes) }) };
    const { error } = await change.run({ id: order.id, body });
    if (error) return;
    onClose();
    say(words.done);
  };
  const faults = change.error?.errors ?? [];
  const faultOf = (name: Name) => faults.find(({ pointer }) => pointer === `/shipTo/${name}`)?.detail;
  const isNamed = names.some((name) => faultOf(name) !== undefined);
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(order.number)}
      description={words.text}
      confirm={words.save}
      cancel={words.cancel}
      isBusy={change.isBusy}
      error={isSame ? words.nothing : isNamed ? undefined : messageOf(change.error)}
      onConfirm={() => void run()}
    >
      <fieldset className={css['fieldset']}>
        <legend className={css['legend']}>{words.shipTo}</legend>
        <div className={css['two']}>
          {names.map((name) => (
            <AddressField
              key={name}
              name={name}
              value={typed[name]}
              fault={faultOf(name)}
              onChange={(value) => setTyped((now) => ({ ...now, [name]: value }))}
            />
          ))}
        </div>
      </fieldset>
      <Field label={words.customerNote}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={2}
            value={notes.customer}
            onChange={({ target }) => setNotes((now) => ({ ...now, customer: target.value }))}
          />
        )}
      </Field>
      <Field label={words.internalNote}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={2}
            value={notes.internal}
            onChange={({ target }) => setNotes((now) => ({ ...now, internal: target.value }))}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}

interface AddressFieldProps {
  readonly name: Name;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
}

function AddressField({ name, value, fault, onChange }: AddressFieldProps) {
  const words = useWords().merchantOrder.change;
  const [all] = useState(countries);
  // A shop may have stored what is no code.
  const options = all.some(([code]) => code === value) ? all : [[value, value] as const, ...all];
  return (
    <Field
      label={words.fields[name]}
      error={fault}
      {...(isWide.has(name) && css['wide'] !== undefined && { className: css['wide'] })}
    >
      {(ids) =>
        name === 'country' ? (
          <Select {...ids} value={value} options={options} onChange={({ target }) => onChange(target.value)} />
        ) : (
          <Input
            {...ids}
            required={isNeeded.has(name)}
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
