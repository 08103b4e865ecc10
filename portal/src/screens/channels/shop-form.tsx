import { useEffect, useRef, type ReactNode } from 'react';
import type { ApiError } from '../../api/client.ts';
import type { ChannelKind } from '../../api/queries/channel-kinds.ts';
import { Banner } from '../../components/banner.tsx';
import { Field, Input, Radio, Select } from '../../components/field.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Draft } from './draft.ts';
import { settingsOf, waysOf, type ShopField } from './fields.ts';
import css from './channels.module.css';

interface ShopFormProps {
  readonly kind: ChannelKind;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly error: ApiError | undefined;
  readonly onSubmit: () => void;
  /** Its buttons; one submits. */
  readonly actions: ReactNode;
}

/** Name, address and credentials of a shop, as the service describes its kind, with the service's faults at their fields. */
export function ShopForm({ kind, draft, onChange, error, onSubmit, actions }: ShopFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const words = useWords().channels;
  const messageOf = useMessage();
  // The first field that is wrong, once the answer is here.
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [error]);
  const places = placesOf(kind, draft);
  const isAtField = error?.errors.some(({ pointer }) => [namePlace, ...places].some((place) => isAt(place, pointer)));
  const fields = (isWanted: (place: Place) => boolean) =>
    places
      .filter(isWanted)
      .map((place) => <ShopText key={place.pointer} place={place} draft={draft} onChange={onChange} error={error} />);
  const more = fields(({ isFirst }) => !isFirst);
  return (
    <form
      ref={form}
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <ShopText place={namePlace} draft={draft} onChange={onChange} error={error} />
      {fields(({ part, isFirst }) => part === 'settings' && isFirst)}
      <Ways kind={kind} draft={draft} onChange={onChange} />
      {fields(({ part, isFirst }) => part === 'credentials' && isFirst)}
      {more.length > 0 && (
        <details className={css['more']}>
          <summary>{words.more}</summary>
          <div className="stack">{more}</div>
        </details>
      )}
      {error && !isAtField && <Banner tone="red" title={messageOf(error)} />}
      <div className={css['buttons']}>{actions}</div>
    </form>
  );
}

/** A field and where the service has it; the name is in no part. `isFirst`: it is seen at once. */
interface Place {
  readonly part: 'settings' | 'credentials' | null;
  readonly pointer: string;
  readonly field: ShopField;
  readonly isFirst: boolean;
}

const namePlace: Place = {
  part: null,
  pointer: '/name',
  field: { name: 'name', description: undefined, isRequired: true, isSecret: false, isList: false, isAddress: false, choices: [] }, // prettier-ignore
  isFirst: true,
};

const isAt = (place: Place, pointer: string): boolean =>
  pointer === place.pointer || pointer.startsWith(`${place.pointer}/`);

/** Where nothing is required, all is seen at once. */
function placesOf(kind: ChannelKind, { way }: Draft): readonly Place[] {
  const parts = { settings: settingsOf(kind), credentials: waysOf(kind)[way] ?? [] };
  const needsAny = Object.values(parts).some((fields) => fields.some(({ isRequired }) => isRequired));
  return (['settings', 'credentials'] as const).flatMap((part) =>
    parts[part].map((field) => ({
      part,
      pointer: `/${part}/${field.name}`,
      field,
      isFirst: field.isRequired || !needsAny,
    })),
  );
}

type FieldsProps = Pick<ShopFormProps, 'kind' | 'draft' | 'onChange'>;

function Ways({ kind, draft, onChange }: FieldsProps) {
  const words = useWords().channels;
  const ways = waysOf(kind);
  if (ways.length < 2) return null;
  const labelOf = (fields: readonly ShopField[]) =>
    fields.filter(({ isRequired }) => isRequired).map(({ name }) => words.fields[name] ?? titled(name)).join(', '); // prettier-ignore
  return (
    <fieldset className="plain">
      <legend>{words.login}</legend>
      {ways.map((fields, way) => (
        <Radio
          key={labelOf(fields)}
          name="login"
          label={labelOf(fields)}
          checked={draft.way === way}
          onChange={() => onChange({ ...draft, way })}
        />
      ))}
    </fieldset>
  );
}

/** `consumerKey` is "Consumer key": what a shop calls by its own name has it in each language. */
const titled = (name: string): string => {
  const text = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
};

interface TextProps extends Pick<ShopFormProps, 'draft' | 'onChange' | 'error'> {
  readonly place: Place;
}

function ShopText({ place, draft, onChange, error }: TextProps) {
  const words = useWords().channels;
  const { part, field } = place;
  const { name, isSecret, isRequired, isAddress, choices } = field;
  const fault = error?.errors.find((one) => isAt(place, one.pointer))?.detail;
  const value = (part === null ? draft.name : draft[part][name]) ?? '';
  const set = (text: string) =>
    onChange({ ...draft, ...(part === null ? { name: text } : { [part]: { ...draft[part], [name]: text } }) });
  return (
    <Field label={words.fields[name] ?? titled(name)} hint={words.hints[name] ?? field.description} error={fault}>
      {(ids) =>
        choices.length > 0 ? (
          <Select
            {...ids}
            value={value}
            options={['', ...choices].map((one) => [one, one] as const)}
            onChange={({ target }) => set(target.value)}
          />
        ) : (
          <Input
            {...ids}
            name={`shop-${name}`}
            type={isSecret ? 'password' : isAddress ? 'url' : 'text'}
            required={isRequired}
            autoComplete={isSecret ? 'new-password' : 'off'}
            spellCheck={false}
            value={value}
            onChange={({ target }) => set(target.value)}
          />
        )
      }
    </Field>
  );
}
