import { Field, Input } from '../../components/field.tsx';

interface EmailProps {
  readonly label: string;
  readonly error: string | false | undefined;
  readonly email: string;
  readonly onEmail: (email: string) => void;
}

/** Whom to invite. */
export const EmailField = ({ label, error, email, onEmail }: EmailProps) => (
  <Field label={label} error={error}>
    {(ids) => (
      <Input
        {...ids}
        type="email"
        name="email"
        required
        autoComplete="off"
        value={email}
        onChange={({ target }) => onEmail(target.value)}
      />
    )}
  </Field>
);
