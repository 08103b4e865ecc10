import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { acceptInvitation, lookAtInvitation } from '../api/commands/invitation.ts';
import type { InvitationShown } from '../api/queries/people.ts';
import { sessionQuery } from '../api/queries/session.ts';
import { useRun } from '../api/run.ts';
import { Banner } from '../components/banner.tsx';
import { Button, ButtonLink } from '../components/button.tsx';
import { Field, Input, Radio } from '../components/field.tsx';
import { Skeleton } from '../components/states.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { takeHash, useArrive } from '../lib/arrive.ts';
import { useMessage } from '../lib/use-message.ts';
import { useWords } from '../words/use-words.tsx';

export function InvitationScreen() {
  const words = useWords();
  const isTaken = useRef(false);
  const [looked, setLooked] = useState<{ readonly token: string; readonly shown: InvitationShown }>();
  const messageOf = useMessage();
  const { run, error } = useRun(lookAtInvitation);
  useEffect(() => {
    if (isTaken.current) return;
    isTaken.current = true;
    const { token } = takeHash();
    void run(token).then(({ data }) => data && setLooked({ token, shown: data }));
  });
  if (error)
    return (
      <PublicPage title={words.invitation.title}>
        <Banner tone="red" title={error.code === 'link_invalid' ? words.signIn.linkFailed : messageOf(error)}>
          {error.code === 'link_invalid' && words.invitation.invalid}
        </Banner>
        <ButtonLink to="/sign-in">{words.signIn.toSignIn}</ButtonLink>
      </PublicPage>
    );
  if (looked === undefined)
    return (
      <PublicPage title={words.invitation.title}>
        <Skeleton rows={4} />
      </PublicPage>
    );
  return (
    <PublicPage title={words.invitation.to[looked.shown.kind](looked.shown.accountName)}>
      <Accept {...looked} />
    </PublicPage>
  );
}

const newCompany = 'new';

function Accept({ token, shown }: { readonly token: string; readonly shown: InvitationShown }) {
  const words = useWords();
  const arrive = useArrive();
  const { data: session } = useQuery({ ...sessionQuery, retry: false });
  const messageOf = useMessage();
  const { run, isBusy, error } = useRun(acceptInvitation);
  const isSignedIn = session?.user.email.toLowerCase() === shown.email.toLowerCase();
  const isForCompany = shown.kind !== 'member';
  const [company, setCompany] = useState(shown.accounts[0]?.id ?? newCompany);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' && value !== '' ? { [name]: value } : {};
    };
    const account = isForCompany && company !== newCompany ? { accountId: company } : given('accountName');
    const { data } = await run({ token, ...given('name'), ...given('password'), ...account });
    if (!data) return;
    const joined =
      account.accountId ?? data.accounts.find(({ name }) => name === nameOf(shown, account.accountName))?.id;
    await arrive(data, joined === undefined ? undefined : `/portal/${joined}/orders`);
  };

  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <p>{words.invitation.about[shown.kind](shown.accountName)}</p>
      {error && <Banner tone="red" title={messageOf(error)} />}
      <Field label={words.signIn.email}>
        {(ids) => <Input {...ids} type="email" autoComplete="username" value={shown.email} readOnly />}
      </Field>
      {!shown.isKnown && (
        <Field label={words.invitation.name}>
          {(ids) => <Input {...ids} name="name" autoComplete="name" required autoFocus />}
        </Field>
      )}
      {isForCompany && shown.accounts.length > 0 && (
        <fieldset className="plain">
          <legend>{words.invitation.company}</legend>
          {[...shown.accounts, { id: newCompany, name: words.invitation.newCompany }].map(({ id, name }) => (
            <Radio key={id} name="company" label={name} checked={company === id} onChange={() => setCompany(id)} />
          ))}
        </fieldset>
      )}
      {isForCompany && company === newCompany && (
        <Field label={words.invitation.accountName} hint={words.invitation.accountNameHint}>
          {(ids) => <Input {...ids} name="accountName" autoComplete="organization" required />}
        </Field>
      )}
      {!isSignedIn && (
        <Field
          label={shown.isKnown ? words.signIn.password : words.invitation.password}
          hint={shown.isKnown ? words.invitation.knownHint : words.password.hint}
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              name="password"
              autoComplete={shown.isKnown ? 'current-password' : 'new-password'}
              required={shown.isKnown || shown.needsPassword}
            />
          )}
        </Field>
      )}
      <Button type="submit" look="primary" isBusy={isBusy}>
        {words.invitation.accept}
      </Button>
    </form>
  );
}

const nameOf = (shown: InvitationShown, own: string | undefined): string | undefined =>
  shown.kind === 'member' ? shown.accountName : own;
