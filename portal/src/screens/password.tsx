import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries/session.ts';
import { Loaded } from '../components/states.tsx';
import { PublicPage } from '../frame/public-page.tsx';
import { useWords } from '../words/use-words.tsx';
import { PasswordForm } from './profile/password-form.tsx';

export function PasswordScreen() {
  const words = useWords().password;
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  return (
    <PublicPage title={words.title}>
      <Loaded query={session}>
        {({ user }) => <PasswordForm user={user} look="primary" onSaved={() => void navigate({ to: '/' })} />}
      </Loaded>
    </PublicPage>
  );
}
