import { useSearch } from '@tanstack/react-router';
import { useRef, useState, type FormEvent } from 'react';
import { sendSignInLink, signIn } from '../api/commands/session.ts';
import { useRun } from '../api/run.ts';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { Field, Input } from '../components/field.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { useArrive } from '../lib/arrive.ts';
import { useMessage } from '../lib/use-message.ts';
import { useWords } from '../words/use-words.tsx';

export function SignInScreen() {
  const words = useWords().signIn;
  const { to } = useSearch({ from: '/sign-in' });
  const arrive = useArrive();
  const [emailError, setEmailError] = useState<string>();
  const [isSent, setSent] = useState(false);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const messageOf = useMessage();
  const byPassword = useRun(signIn);
  const byLink = useRun(sendSignInLink);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = { email: email.current?.value ?? '', password: password.current?.value ?? '' };
    const { data, error } = await byPassword.run(given);
    if (data) await arrive(data, to);
    if (error) password.current?.select();
  };
  const sendLink = async () => {
    const address = email.current?.value.trim() ?? '';
    setEmailError(address === '' ? words.emailFirst : undefined);
    if (address === '') return email.current?.focus();
    const { error } = await byLink.run(address);
    setSent(error === undefined);
  };

  const error = byPassword.error ?? byLink.error;
  return (
    <PublicPage title={words.title}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {error && <Banner tone="red" title={messageOf(error)} />}
        {isSent && !error && <Banner tone="green">{words.linkSent}</Banner>}
        <Field label={words.email} error={emailError}>
          {(ids) => <Input {...ids} ref={email} type="email" name="email" autoComplete="username" required autoFocus />}
        </Field>
        <Field label={words.password}>
          {(ids) => (
            <Input {...ids} ref={password} type="password" name="password" autoComplete="current-password" required />
          )}
        </Field>
        <Button type="submit" look="primary" isBusy={byPassword.isBusy}>
          {words.submit}
        </Button>
        <Button isBusy={byLink.isBusy} onClick={() => void sendLink()}>
          {words.byLink}
        </Button>
        <p className="small muted">{words.forgotten}</p>
      </form>
    </PublicPage>
  );
}
