import { useCallback, useEffect, useRef, useState } from 'react';
import { signInByLink } from '../api/commands/session.ts';
import { readPresentSession, type Session } from '../api/queries/session.ts';
import { useRun } from '../api/run.ts';
import { Banner } from '../components/banner.tsx';
import { Button, ButtonLink, Spinner } from '../components/button.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { takeHash, useArrive } from '../lib/arrive.ts';
import { useMessage } from '../lib/use-message.ts';
import { useWords } from '../words/use-words.tsx';

/**
 * Signs in by a link. The token is posted: a scanner of mails that only opens the link does not use it up.
 * Where somebody is signed in already, the page asks first: the link may be another person's, sent by somebody else. It
 * does not ask for a link to an account that the signed-in person has as well.
 */
export function LinkScreen() {
  const words = useWords().signIn;
  const messageOf = useMessage();
  const { present, enter, error } = useLink();
  return (
    <PublicPage title={words.title}>
      {error !== undefined ? (
        <>
          <Banner tone="red" title={error.code === 'link_invalid' ? words.linkFailed : messageOf(error)}>
            {error.code === 'link_invalid' && words.linkFailedHint}
          </Banner>
          <ButtonLink to="/sign-in">{words.toSignIn}</ButtonLink>
        </>
      ) : present === undefined ? (
        <p className="row" role="status">
          <Spinner />
          {words.signingIn}
        </p>
      ) : (
        <>
          <p>{words.present(present)}</p>
          <Button look="primary" onClick={enter}>
            {words.useLink}
          </Button>
          <ButtonLink to="/">{words.stay}</ButtonLink>
        </>
      )}
    </PublicPage>
  );
}

/** `present`: the e-mail of whoever is signed in, until the person has decided. */
function useLink() {
  const arrive = useArrive();
  const taken = useRef<ReturnType<typeof takeHash>>(undefined);
  const [present, setPresent] = useState<string>();
  const { run, error } = useRun(signInByLink);
  const enter = useCallback(() => {
    if (taken.current === undefined) return;
    const { token, to } = taken.current;
    setPresent(undefined);
    void run(token).then(({ data }) => data && arrive(data, to));
  }, [arrive, run]);
  useEffect(() => {
    if (taken.current !== undefined) return;
    taken.current = takeHash();
    const { to } = taken.current;
    void readPresentSession().then((session) =>
      session === undefined || hasAccountOf(session, to) ? enter() : setPresent(session.user.email),
    );
  });
  return { present, enter, error };
}

const hasAccountOf = ({ accounts }: Session, to = ''): boolean =>
  accounts.some(({ id }) => to.startsWith(`/portal/${id}/`));
