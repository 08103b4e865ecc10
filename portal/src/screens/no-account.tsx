import { Button } from '../components/button.tsx';
import { useSignOut } from '../frame/menus.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { useWords } from '../words/use-words.tsx';

/** For somebody who has left all accounts. */
export function NoAccountScreen() {
  const { common, frame } = useWords();
  const signOut = useSignOut();
  return (
    <PublicPage title={common.noAccount}>
      <p>{common.noAccountHint}</p>
      <Button onClick={() => void signOut()}>{frame.signOut}</Button>
    </PublicPage>
  );
}
