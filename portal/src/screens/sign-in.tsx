import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function SignInScreen() {
  const words = useWords().signIn;
  return <PageHead title={words.title} />;
}
