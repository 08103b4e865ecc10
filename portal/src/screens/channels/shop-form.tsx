import { useEffect, useRef, type ReactNode } from 'react';
import type { ApiError } from '../../api/client.ts';
import { Banner } from '../../components/banner.tsx';
import { Field, Input, Radio } from '../../components/field.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Draft } from './draft.ts';
import { kinds, type ShopKind } from './kinds.ts';
import css from './channels.module.css';

interface ShopFormProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly error: ApiError | undefined;
  readonly onSubmit: () => void;
  /** Its buttons; one submits. */
  readonly actions: ReactNode;
}

/** Name, address and credentials of a shop, with the service's faults at their fields. */
export function ShopForm({ draft, onChange, error, onSubmit, actions }: ShopFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const messageOf = useMessage();
  // The first field that is wrong, once the answer is here.
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [error]);
  const Fields = fieldsOf[draft.kind];
  const isAtField = error?.errors.some(({ pointer }) => fieldOf(pointer) !== undefined) ?? false;
  return (
    <form
      ref={form}
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Text name="name" draft={draft} onChange={onChange} error={error} isRequired />
      <Fields draft={draft} onChange={onChange} error={error} />
      {error && !isAtField && <Banner tone="red" title={messageOf(error)} />}
      <div className={css['buttons']}>{actions}</div>
    </form>
  );
}

type FieldsProps = Pick<ShopFormProps, 'draft' | 'onChange' | 'error'>;

function CalledFields(props: FieldsProps) {
  const words = useWords().channels;
  const { draft, onChange } = props;
  const { logins, hasDigitalField } = kinds[draft.kind];
  return (
    <>
      <Text {...props} name="url" type="url" isRequired />
      {logins.length > 1 && (
        <fieldset className="plain">
          <legend>{words.login}</legend>
          {logins.map((login) => (
            <Radio
              key={login}
              name="login"
              label={words.logins[login]}
              checked={draft.login === login}
              onChange={() => onChange({ ...draft, login })}
            />
          ))}
        </fieldset>
      )}
      {draft.login === 'password' ? (
        <>
          <Text {...props} name="username" isRequired />
          <Text {...props} name="password" type="password" isRequired />
        </>
      ) : (
        <Text {...props} name="apiKey" type="password" isRequired />
      )}
      <details className={css['more']}>
        <summary>{words.more}</summary>
        <div className="stack">
          <Text {...props} name="webhookSecret" type="password" />
          <Text {...props} name="stockLocationId" />
          {hasDigitalField && <Text {...props} name="digitalField" />}
        </div>
      </details>
    </>
  );
}

function ApiFields(props: FieldsProps) {
  const words = useWords().channels;
  return (
    <>
      <p className="muted">{words.apiText}</p>
      <Text {...props} name="url" type="url" label={words.fields.callbackUrl} hint={words.hints.callbackUrl} />
      <Text {...props} name="callbackSecret" type="password" />
    </>
  );
}

const fieldsOf = { vendure: CalledFields, medusa: CalledFields, api: ApiFields } satisfies Record<ShopKind, unknown>;

type Name = Exclude<keyof Draft, 'kind' | 'login' | 'importFrom' | 'importWhen'>;

const pointers: Readonly<Record<string, Name>> = {
  '/name': 'name',
  '/settings/url': 'url',
  '/settings/callbackUrl': 'url',
  '/settings/callbackSecret': 'callbackSecret',
  '/settings/stockLocationId': 'stockLocationId',
  '/settings/digitalField': 'digitalField',
  '/credentials/username': 'username',
  '/credentials/password': 'password',
  '/credentials/apiKey': 'apiKey',
  '/credentials/webhookSecret': 'webhookSecret',
};

const fieldOf = (pointer: string): Name | undefined => pointers[pointer];

interface TextProps extends FieldsProps {
  readonly name: Name;
  readonly type?: 'text' | 'url' | 'password';
  readonly label?: string;
  readonly hint?: string;
  readonly isRequired?: boolean;
}

function Text({ name, type = 'text', label, hint, isRequired = false, draft, onChange, error }: TextProps) {
  const words = useWords().channels;
  const fault = error?.errors.find(({ pointer }) => fieldOf(pointer) === name)?.detail;
  return (
    <Field label={label ?? words.fields[name]} hint={hint ?? words.hints[name]} error={fault}>
      {(ids) => (
        <Input
          {...ids}
          name={`shop-${name}`}
          type={type}
          required={isRequired}
          autoComplete={type === 'password' ? 'new-password' : 'off'}
          spellCheck={false}
          value={draft[name]}
          onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
        />
      )}
    </Field>
  );
}
