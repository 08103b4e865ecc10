import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function PasswordScreen() {
  const words = useWords().password;
  return <PageHead title={words.title} />;
}
