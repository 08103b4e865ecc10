import { useEffect, useRef } from 'react';
import { signInByLink } from '../api/commands/session.ts';
import { useRun } from '../api/run.ts';
import { Banner } from '../components/banner.tsx';
import { ButtonLink, Spinner } from '../components/button.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { takeHash, useArrive } from '../lib/arrive.ts';
import { useMessage } from '../lib/use-message.ts';
import { useWords } from '../words/use-words.tsx';

/** Signs in by a link. The token is posted: a scanner of mails that only opens the link does not use it up. */
export function LinkScreen() {
  const words = useWords().signIn;
  const arrive = useArrive();
  const isTaken = useRef(false);
  const messageOf = useMessage();
  const { run, error } = useRun(signInByLink);
  useEffect(() => {
    if (isTaken.current) return;
    isTaken.current = true;
    const { token, to } = takeHash();
    void run(token).then(({ data }) => data && arrive(data, to));
  });
  if (error === undefined)
    return (
      <PublicPage title={words.title}>
        <p className="row" role="status">
          <Spinner />
          {words.signingIn}
        </p>
      </PublicPage>
    );
  return (
    <PublicPage title={words.title}>
      <Banner tone="red" title={error.code === 'link_invalid' ? words.linkFailed : messageOf(error)}>
        {error.code === 'link_invalid' && words.linkFailedHint}
      </Banner>
      <ButtonLink to="/sign-in">{words.toSignIn}</ButtonLink>
    </PublicPage>
  );
}
