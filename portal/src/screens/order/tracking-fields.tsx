import { useEffect, useRef, type RefObject } from 'react';
import { Button } from '../../components/button.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { Method, Tracking } from './use-tracking.ts';
import css from './order.module.css';

/** A thumb would get a keyboard over half of the page. */
const opensKeyboard = () => window.matchMedia('(pointer: coarse)').matches;

interface TrackingFieldsProps {
  readonly tracking: Tracking;
  readonly field: RefObject<HTMLInputElement | null>;
  /** What the service answered. */
  readonly error: string | undefined;
  readonly onType: () => void;
}

export function TrackingFields({ tracking, field, error, onType }: TrackingFieldsProps) {
  const words = useWords().order.ship;
  const { method, setMethod } = tracking;
  const withoutNumber = ['untracked', 'pickup', 'digital'] as const satisfies readonly Method[];
  if (method !== 'tracked')
    return (
      <div className={css['untracked']}>
        <p>{words.methodNotes[method]}</p>
        {error !== undefined && (
          <p className={css['error']} role="alert">
            {error}
          </p>
        )}
        <Button size="small" look="quiet" onClick={() => setMethod('tracked')}>
          {words.withNumber}
        </Button>
      </div>
    );
  return (
    <>
      <NumberAndCarrier tracking={tracking} field={field} error={error} onType={onType} />
      <div className={css['methods']}>
        <Menu
          align="start"
          trigger={
            <Button size="small" look="quiet">
              {words.noNumber}
            </Button>
          }
        >
          {withoutNumber.map((one) => (
            <MenuItem key={one} onSelect={() => setMethod(one)}>
              {words.methods[one]}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </>
  );
}

export function NumberAndCarrier({ tracking, field, error, onType }: TrackingFieldsProps) {
  const words = useWords().order.ship;
  const { carrier, faulty } = tracking;
  const select = useRef<HTMLSelectElement>(null);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // What stands above, such as an edit of the shop, stays in view.
    if (!opensKeyboard()) field.current?.focus({ preventScroll: true });
  }, [field]);
  useEffect(() => {
    if (faulty) ({ number: field, carrier: select, name })[faulty].current?.focus();
  }, [faulty, field]);
  return (
    <>
      <Field label={words.carrier} error={tracking.faultOf('carrier')} className={css['carrier'] ?? ''}>
        {(ids) => (
          <Select
            {...ids}
            ref={select}
            value={carrier.code}
            options={[['', words.byNumber], ...carrier.options]}
            onChange={(event) => tracking.setCarrier(event.target.value)}
          />
        )}
      </Field>
      {carrier.needsName && (
        <Field label={words.carrierName} error={tracking.faultOf('name')}>
          {(ids) => (
            <Input
              {...ids}
              ref={name}
              value={tracking.name}
              maxLength={100}
              onChange={(event) => tracking.setName(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label={words.tracking}
        error={tracking.faultOf('number') ?? error}
        hint={<Hint tracking={tracking} />}
        className={css['number'] ?? ''}
      >
        {(ids) => (
          <Input
            {...ids}
            ref={field}
            className="mono"
            value={tracking.number}
            maxLength={100}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            enterKeyHint="done"
            onChange={(event) => {
              onType();
              tracking.setNumber(event.target.value);
            }}
          />
        )}
      </Field>
    </>
  );
}

function Hint({ tracking: { carrier } }: { readonly tracking: Tracking }) {
  const words = useWords().order.ship;
  const [first, ...more] = carrier.found ?? [];
  if (carrier.found === undefined) return words.hint;
  if (first === undefined) return words.unknown;
  return more.length === 0 ? words.found(first) : words.several(carrier.found.join(', '));
}
