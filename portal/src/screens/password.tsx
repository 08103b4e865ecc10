import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { changePassword } from '../api/commands/session.ts';
import { sessionQuery } from '../api/queries/session.ts';
import { useRun } from '../api/run.ts';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { Field, Input } from '../components/field.tsx';
import { Loaded } from '../components/states.tsx';
import { useToasts } from '../components/toast.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { useWords } from '../words/use-words.tsx';

/** Sets the first password, or another one. All other sessions of the person end. */
export function PasswordScreen() {
  const words = useWords().password;
  const session = useQuery(sessionQuery);
  const { say } = useToasts();
  const navigate = useNavigate();
  const { run, isBusy, error } = useRun(changePassword);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [current, password] = [form.get('current'), form.get('password')];
    if (typeof password !== 'string') return;
    const before = typeof current === 'string' ? { currentPassword: current } : {};
    const { error: refused } = await run({ password, ...before });
    if (refused) return;
    say(words.saved, words.savedHint);
    await navigate({ to: '/' });
  };
  return (
    <PublicPage title={words.title}>
      <Loaded query={session}>
        {({ user }) => (
          <form className="stack" onSubmit={(event) => void submit(event)}>
            {error && error.code !== 'password_not_acceptable' && <Banner tone="red" title={error.message} />}
            <input type="email" autoComplete="username" value={user.email} readOnly hidden />
            {user.hasPassword && (
              <Field label={words.current}>
                {(ids) => (
                  <Input {...ids} type="password" name="current" autoComplete="current-password" required autoFocus />
                )}
              </Field>
            )}
            <Field
              label={words.next}
              hint={words.hint}
              error={error?.code === 'password_not_acceptable' ? error.message : undefined}
            >
              {(ids) => <Input {...ids} type="password" name="password" autoComplete="new-password" required />}
            </Field>
            <Button type="submit" look="primary" isBusy={isBusy}>
              {words.save}
            </Button>
          </form>
        )}
      </Loaded>
    </PublicPage>
  );
}
