import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { changePassword } from '../../api/commands/session.ts';
import { sessionQuery, type Session } from '../../api/queries/session.ts';
import { useRun } from '../../api/run.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

interface PasswordFormProps {
  readonly user: Session['user'];
  /** Of the button; `primary` on the page that has no other. */
  readonly look?: 'plain' | 'primary';
  readonly onSaved?: () => void;
}

/** Sets the first password, or another one. All other sessions of the person end. */
export function PasswordForm({ user, look = 'plain', onSaved }: PasswordFormProps) {
  const words = useWords();
  const { say } = useToasts();
  const messageOf = useMessage();
  const queries = useQueryClient();
  const { run, isBusy, error } = useRun(changePassword);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget;
    const form = new FormData(field);
    const [current, password] = [form.get('current'), form.get('password')];
    if (typeof password !== 'string') return;
    const before = typeof current === 'string' ? { currentPassword: current } : {};
    const { error: refused } = await run({ password, ...before });
    if (refused) {
      const wrong = refused.code === 'sign_in_failed' ? 'current' : 'password';
      field.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.select();
      return;
    }
    field.reset();
    say(words.password.saved, words.password.savedHint);
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    onSaved?.();
  };
  const isWrong = error?.code === 'sign_in_failed';
  const isWeak = error?.code === 'password_not_acceptable';
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {error && !isWrong && !isWeak && <Banner tone="red" title={messageOf(error)} />}
      <input type="email" autoComplete="username" value={user.email} readOnly hidden />
      {user.needsCurrentPassword && (
        <Field label={words.password.current} error={isWrong && words.profile.wrongPassword}>
          {(ids) => <Input {...ids} type="password" name="current" autoComplete="current-password" required />}
        </Field>
      )}
      <Field label={words.password.next} hint={words.password.hint} error={isWeak && error.message}>
        {(ids) => <Input {...ids} type="password" name="password" autoComplete="new-password" required />}
      </Field>
      <div className="row">
        <Button type="submit" look={look} isBusy={isBusy}>
          {words.password.save}
        </Button>
      </div>
    </form>
  );
}
