import type { ApiError } from '../../api/client.ts';
import { Field, Input } from '../../components/field.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { Draft } from './draft.ts';

interface AccountFieldsProps {
  readonly draft: Draft;
  readonly error: ApiError | undefined;
  /** Without a new secret the stored one stays. */
  readonly isStored: boolean;
  readonly onChange: (draft: Draft) => void;
}

/** Where in a body the fields are. */
const places = { name: '/name', secret: '/credentials/', carriers: '/carriers' } as const;

/** What a refusal says of a field. */
const faultOf = (error: ApiError | undefined, field: keyof typeof places): string | undefined =>
  error?.errors.find(({ pointer }) => pointer.startsWith(places[field]))?.detail;

export const hasFaults = (error: ApiError | undefined): boolean =>
  (['name', 'secret', 'carriers'] as const).some((field) => faultOf(error, field) !== undefined);

/** The fields of a label account, but for its provider. */
export function AccountFields({ draft, error, isStored, onChange }: AccountFieldsProps) {
  const words = useWords().labels.accounts;
  return (
    <>
      <Field label={words.name} error={faultOf(error, 'name')}>
        {(ids) => (
          <Input
            {...ids}
            required
            maxLength={200}
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => onChange({ ...draft, name: target.value })}
          />
        )}
      </Field>
      {draft.provider !== 'test' && (
        <Field
          label={words.secrets[draft.provider]}
          hint={isStored ? words.newSecretHint : words.secretHint}
          error={faultOf(error, 'secret')}
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              required={!isStored}
              maxLength={500}
              autoComplete="off"
              spellCheck={false}
              value={draft.secret}
              onChange={({ target }) => onChange({ ...draft, secret: target.value })}
            />
          )}
        </Field>
      )}
      <Field label={words.carriers} hint={words.carriersHint} error={faultOf(error, 'carriers')}>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            spellCheck={false}
            value={draft.carriers}
            onChange={({ target }) => onChange({ ...draft, carriers: target.value })}
          />
        )}
      </Field>
    </>
  );
}
